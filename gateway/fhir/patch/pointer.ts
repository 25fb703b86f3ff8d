import { Pointer } from 'rfc6902';
import type { Json, JsonObject } from '../resource.ts';
import { unprocessable } from './unprocessable.ts';

/**
 * Refuses with 422 a pointer that takes a list for an object: to the library `/name/length` is a member, which can be set
 * to four thousand million.
 */
export function assertPlaces(tree: JsonObject, pointer: string, operation: number): void {
  let value: unknown = tree;
  for (const token of Pointer.fromJSON(pointer).tokens.slice(1)) {
    if (Array.isArray(value) && !/^(?:-|0|[1-9]\d*)$/.test(token))
      throw unprocessable(
        `Operation ${operation + 1} of the patch: a list has no such place.`,
        `[${operation}]`,
      );
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, token)) return;
    value = (value as Record<string, unknown>)[token];
  }
}

/** How many characters the value at a pointer has as JSON; 0 when there is none. */
export function sizeAt(tree: JsonObject, pointer: string): number {
  const value: Json | undefined = Pointer.fromJSON(pointer).get(tree) as Json | undefined;
  return JSON.stringify(value)?.length ?? 0;
}
