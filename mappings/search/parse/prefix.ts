/** https://hl7.org/fhir/R4/search.html#prefix */
export type Prefix = 'eq' | 'ne' | 'gt' | 'lt' | 'ge' | 'le' | 'sa' | 'eb' | 'ap';

const PREFIXES: readonly string[] = ['eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap'] satisfies Prefix[];

const isPrefix = (text: string): text is Prefix => PREFIXES.includes(text);

/** Takes the prefix off an ordered value; without one it is `eq`. */
export function splitPrefix(value: string): { prefix: Prefix; rest: string } {
  const start = value.slice(0, 2);
  return isPrefix(start) ? { prefix: start, rest: value.slice(2) } : { prefix: 'eq', rest: value };
}
