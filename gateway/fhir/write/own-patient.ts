import { isDeepStrictEqual } from 'node:util';
import { FhirError } from '../errors.ts';
import { isObject } from './draft.ts';
import type { JsonObject, Resource } from '../resource.ts';

/** What of the own Patient is the patient's to change; all else belongs to whoever keeps the record. */
const OWN = new Set(['name', 'telecom', 'address', 'contact', 'communication', 'photo', 'text']);
/** The URL says what it is, and the server what it says in meta. */
const NOT_COMPARED = new Set(['resourceType', 'id', 'meta']);
/** The server's, or a claim that changes nobody's access: a client may put back the Patient without them. */
const FREE_META = new Set(['versionId', 'lastUpdated', 'source', 'profile']);

/** `birthDate` for `birthDate` and for `_birthDate`, which carries its extensions. */
const elementOf = (key: string): string => key.replace(/^_/, '');

function changed(before: JsonObject, after: JsonObject, leftOut: (element: string) => boolean): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  const different = [...keys].filter(
    (key) => !leftOut(elementOf(key)) && !isDeepStrictEqual(before[key], after[key]),
  );
  return [...new Set(different.map(elementOf))];
}

const metaOf = ({ meta }: Resource): JsonObject => (isObject(meta) ? meta : {});

/**
 * Refuses with 403 a patient's change of anything but contact data, names, languages, photo and narrative in the own
 * Patient, naming each element that differs from what is stored.
 */
export function assertOwnPatientChange(before: Resource, after: Resource): void {
  const elements = [
    ...changed(before, after, (element) => OWN.has(element) || NOT_COMPARED.has(element)),
    ...changed(metaOf(before), metaOf(after), (element) => FREE_META.has(element)).map(
      (element) => `meta.${element}`,
    ),
  ];
  if (elements.length === 0) return;
  throw new FhirError(403, {
    code: 'forbidden',
    diagnostics: 'A patient changes the own contact data and names, not this.',
    expression: elements.map((element) => `Patient.${element}`),
  });
}
