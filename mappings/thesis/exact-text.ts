import { objects, text, type Json, type JsonObject } from '../resource.ts';

/** Holds, as a JSON literal in ASCII, a text that a FHIR string can't hold as it is. */
const EXACT_TEXT = 'http://fhir-fabric-gateway.org/StructureDefinition/exact-text';

// Other white space and the control characters of ASCII are not FHIR's: https://hl7.org/fhir/R4/datatypes.html#string
// eslint-disable-next-line no-control-regex
const FOREIGN = /[^\S \r\n\t]|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

/** The text as people read it and as FHIR allows it; empty when nothing of it can be seen. */
export function readable(value: string): string {
  return value.toWellFormed().replace(FOREIGN, ' ').trim();
}

/** JSON in printable ASCII: fits into any FHIR string, and JSON.parse gives back every code unit. */
export function asciiJson(value: Json): string {
  return JSON.stringify(value).replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** An extension with the exact text, when what is shown in FHIR's own element is not it. */
export function exactText(value: string, shown: string): { extension?: JsonObject[] } {
  return value === shown ? {} : { extension: [{ url: EXACT_TEXT, valueString: asciiJson(value) }] };
}

/** The exact text of a resource that shows `shown`. Throws a SyntaxError when the extension does not hold JSON. */
export function readExactText(resource: JsonObject, shown: string | undefined): string | undefined {
  const extension = objects(resource['extension']).find(({ url }) => url === EXACT_TEXT);
  if (!extension) return shown;
  return text(JSON.parse(text(extension['valueString']) ?? '') as Json);
}
