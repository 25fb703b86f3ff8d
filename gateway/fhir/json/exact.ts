import type { Json } from '../resource.ts';

/** A number as it was written; JSON.stringify puts it out the same. */
export interface RawNumber {
  readonly rawJSON: string;
}

/** A JSON tree in which a number that JavaScript would write differently is kept as it was written. */
export type ExactJson =
  string | number | boolean | null | RawNumber | ExactJson[] | { [key: string]: ExactJson };
export type ExactObject = { [key: string]: ExactJson };

declare global {
  interface JSON {
    rawJSON(text: string): RawNumber;
    isRawJSON(value: unknown): value is RawNumber;
  }
}

type Reviver = (this: unknown, key: string, value: Json, context: { source?: string }) => ExactJson;

/**
 * Parses well-formed JSON; numbers whose text JavaScript would change become raw. Takes about five times as long as
 * JSON.parse. https://hl7.org/fhir/R4/json.html#decimal
 * @returns undefined if there is no such number
 */
export const parseExact = (text: string): ExactJson | undefined => {
  let differs = false;
  const keep: Reviver = (_key, value, { source }) => {
    if (typeof value !== 'number' || source === undefined || String(value) === source) return value;
    differs = true;
    return JSON.rawJSON(source);
  };
  const exact = JSON.parse(text, keep as Parameters<typeof JSON.parse>[1]) as ExactJson;
  return differs ? exact : undefined;
};

/** Whether a value is a number kept as it was written. */
export const isRawNumber = (value: unknown): value is RawNumber => JSON.isRawJSON(value);
