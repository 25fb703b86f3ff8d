import { isDeepStrictEqual } from 'node:util';
import { FhirError } from '../errors.ts';
import type { JsonObject, Resource } from '../resource.ts';

/** What of the own Patient belongs to whoever keeps the record, and not to the patient. */
const KEPT = [
  'identifier',
  'link',
  'active',
  'deceasedBoolean',
  'deceasedDateTime',
  'managingOrganization',
  'modifierExtension',
];

/** Refuses with 403 a patient's change of anything but contact data and names in the own Patient. */
export function assertOwnPatientChange(before: Resource, after: Resource): void {
  const security = (resource: Resource) => (resource['meta'] as JsonObject | undefined)?.['security'];
  const changed = [
    ...KEPT.filter((name) =>
      [name, `_${name}`].some((key) => !isDeepStrictEqual(before[key], after[key])),
    ).map((name) => `Patient.${name}`),
    ...(isDeepStrictEqual(security(before), security(after)) ? [] : ['Patient.meta.security']),
  ];
  if (changed.length === 0) return;
  throw new FhirError(403, {
    code: 'forbidden',
    diagnostics: 'A patient changes the own contact data and names, not this.',
    expression: changed,
  });
}
