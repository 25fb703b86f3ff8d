import type { Json } from '../../resource.ts';
import type { IndexedValue } from '../values.ts';

export interface ExtractOptions {
  /** The server's FHIR base, without a slash at its end: absolute references below it become relative. */
  baseUrl?: string;
}

/**
 * Adds the values under which an element of one data type is found. An element of another shape adds nothing: a rule
 * never throws, whatever the JSON.
 */
export type Rule = (element: Json, into: IndexedValue[], options: ExtractOptions) => void;
