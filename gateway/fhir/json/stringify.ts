import type { Json } from '../resource.ts';
import type { ExactJson } from './exact.ts';

/** JSON text of a plain or an exact tree: numbers that were kept as written are written so. */
export const stringify = (value: Json | ExactJson, indent?: number): string =>
  JSON.stringify(value, undefined, indent);
