import { FhirError } from '../errors.ts';
import type { Resource } from '../resource.ts';
import { assertOwnPatientChange } from './own-patient.ts';

const stored: Resource = {
  resourceType: 'Patient',
  id: '1',
  meta: {
    versionId: '3',
    lastUpdated: '2026-01-01T00:00:00.000Z',
    profile: ['http://profiles.example/patient'],
    security: [{ system: 'urn:l', code: 'R' }],
  },
  identifier: [{ system: 'urn:mrn', value: '1' }],
  name: [{ family: 'Who' }],
  birthDate: '1980-01-01',
  _birthDate: { extension: [{ url: 'urn:time', valueDateTime: '1980-01-01T10:00:00Z' }] },
};

function refused(change: object): readonly string[] {
  try {
    assertOwnPatientChange(stored, { ...stored, ...change });
    return [];
  } catch (error) {
    if (!(error instanceof FhirError)) throw error;
    expect(error.status).toBe(403);
    return error.issues.flatMap(({ expression }) => expression ?? []);
  }
}

test.each<[string, object]>([
  ['what was read', {}],
  ['names', { name: [{ family: 'Else' }], _name: [{ id: 'n' }] }],
  ['telecom and address', { telecom: [{ system: 'phone', value: '1' }], address: [{ city: 'X' }] }],
  [
    'contact, languages, photo and narrative',
    {
      contact: [{ name: { family: 'Kin' } }],
      communication: [{ language: { text: 'de' } }],
      photo: [{ url: 'urn:p' }],
      text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml">W</div>' },
    },
  ],
  ['an older version of what the server says', { meta: { ...(stored['meta'] as object), versionId: '1' } }],
])('a patient sends back %s', (_what, change) => {
  expect(refused(change)).toEqual([]);
});

test.each<[object, string[]]>([
  [{ birthDate: '1900-01-01' }, ['Patient.birthDate']],
  [{ _birthDate: undefined }, ['Patient.birthDate']],
  [{ gender: 'other', maritalStatus: { text: 'x' } }, ['Patient.gender', 'Patient.maritalStatus']],
  [{ multipleBirthBoolean: true }, ['Patient.multipleBirthBoolean']],
  [{ generalPractitioner: [{ reference: 'Practitioner/2' }] }, ['Patient.generalPractitioner']],
  [{ contained: [{ resourceType: 'Condition', id: 'q' }] }, ['Patient.contained']],
  [{ extension: [{ url: 'urn:x', valueCode: 'a' }] }, ['Patient.extension']],
  [{ implicitRules: 'urn:x', language: 'de' }, ['Patient.implicitRules', 'Patient.language']],
  [{ identifier: undefined, active: false }, ['Patient.identifier', 'Patient.active']],
  [{ meta: { ...(stored['meta'] as object), security: [] } }, ['Patient.meta.security']],
  [{ meta: { ...(stored['meta'] as object), tag: [{ code: 'x' }] } }, ['Patient.meta.tag']],
  [{ meta: undefined }, ['Patient.meta.security']],
])('a patient does not change %j', (change, elements) => {
  expect(refused(change)).toEqual(elements);
});
