import type { Json, JsonObject } from '../resource.ts';

/** A property that should be a string; undefined if it is anything else, or empty. */
export function textOf(json: JsonObject, property: string): string | undefined {
  const value = json[property];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The items of a property that should be a list; none if it is anything else. */
export function listOf(json: JsonObject, property: string): readonly Json[] {
  const value = json[property];
  return Array.isArray(value) ? value : [];
}
