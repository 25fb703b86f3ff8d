import { parseDocument } from '../json/parse.ts';
import { stringify } from '../json/stringify.ts';

/** Whether `_pretty` asks for an answer that people read: https://hl7.org/fhir/R4/http.html#parameters */
export const asksForPretty = (querystring: string): boolean => /(^|&)_pretty=true(&|$)/.test(querystring);

/** The same JSON in lines and indented, numbers as they were. */
export function pretty(json: Uint8Array | string): string {
  const { value, exact } = parseDocument(typeof json === 'string' ? Buffer.from(json) : json, {
    depth: 1000,
  });
  return stringify(exact ?? value, 2);
}
