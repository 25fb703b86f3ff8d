import type { Json } from './resource.ts';

/** A reviver of today's JSON.parse, which is given the text of what it revives. */
type SourceReviver = (this: unknown, name: string, value: unknown, context: { source?: string }) => unknown;

/**
 * JSON with each number as it was written, `1.10` or `1e2`, so that digits that a number would lose can be compared.
 * https://hl7.org/fhir/R4/json.html#primitive
 */
export function parseAsWritten(text: string): Json {
  const keep: SourceReviver = (_name, value, { source }) =>
    typeof value === 'number' ? `number ${source ?? ''}` : value;
  return JSON.parse(text, keep as (this: unknown, name: string, value: unknown) => unknown) as Json;
}
