import type { Json } from '../resource.ts';

// Newer than the library's types.
const test: unknown = Reflect.get(JSON, 'isRawJSON');

/** True for what JSON.rawJSON made: a leaf, not an object with members. */
export function isRawJson(value: Json): boolean {
  return typeof test === 'function' && test(value) === true;
}
