import { ROLES, SECTIONS } from '../api/index.ts';
import type { EntryValue, Role, RulesByConsent, Section } from '../api/index.ts';
import { callers, everything, record, writtenAt } from '../testing/actors.ts';
import type { Caller } from './caller.ts';
import { mayRead } from './reading.ts';
import type { ReadRequest } from './reading.ts';

function read(caller: Caller, entry: EntryValue, more: Partial<ReadRequest> = {}) {
  return mayRead({ caller, entry, record, grants: [], privacy: {}, purpose: 'TREAT', now: 0, ...more });
}

const TYPES: Partial<Record<Section, string>> = {
  personal: 'Patient',
  consent: 'Consent',
  radio: 'ImagingStudy',
};
const rows = SECTIONS.flatMap((section) => ROLES.map((role) => ({ role, section })));
const STAFF: readonly Role[] = ['doctor', 'lab', 'system'];

test.each(rows)('$role reads $section: own record, grant, privacy, or not', ({ role, section }) => {
  const caller = callers[role];
  const here = writtenAt(callers.doctor, TYPES[section] ?? 'Observation', section);
  const granted = { grants: [{ c: everything(caller) }] };
  const privacy: RulesByConsent = { p: { type: 'permit', sections: [section] } };
  const none = { patient: 'OK', hr: section === 'personal' ? 'OK' : 'FORBIDDEN', researcher: 'FORBIDDEN' };
  const otherwise = role in none ? none[role as keyof typeof none] : 'NOT_GRANTED';
  const withGrant = STAFF.includes(role) && section !== 'consent' ? 'OK' : otherwise;
  const notPrivate = (role === 'doctor' || role === 'lab') && section !== 'consent' ? 'OK' : otherwise;
  expect(read(caller, here)).toBe(otherwise);
  expect(read(caller, here, granted)).toBe(withGrant);
  expect(read(caller, here, { privacy })).toBe(notPrivate);
  const denied = { grants: [{ d: { type: 'deny' as const } }], privacy };
  expect(read(caller, here, denied)).toBe(otherwise);
});

test('an exception from what is not private takes nothing away from a grant', () => {
  const here = writtenAt(callers.lab, 'Observation', 'vitals');
  const privacy: RulesByConsent = {
    p: { type: 'permit', sections: ['vitals'], rules: [{ type: 'deny', classes: ['Observation'] }] },
  };
  expect(read(callers.doctor, here, { privacy })).toBe('NOT_GRANTED');
  expect(read(callers.doctor, here, { privacy, grants: [{ c: everything(callers.doctor) }] })).toBe('OK');
});

test('another patient reads nothing, nor HR of another organisation, nor anyone an erased record', () => {
  const patient = writtenAt(callers.doctor, 'Patient', 'personal');
  expect(read({ ...callers.patient, fhirUser: 'Patient/9', pseudonym: 'pat2' }, patient)).toBe('FORBIDDEN');
  expect(read({ ...callers.patient, mspId: 'LabMSP' }, patient)).toBe('FORBIDDEN');
  expect(read({ ...callers.hr, mspId: 'LabMSP' }, patient)).toBe('FORBIDDEN');
  for (const status of ['erasing', 'erased'] as const) {
    for (const role of ['patient', 'doctor', 'hr'] as const) {
      expect(read(callers[role], patient, { record: { ...record, status } })).toBe('ERASED');
    }
  }
});

test('a Consent is seen by those it names and by who asked', () => {
  const { doctor, lab, system } = callers;
  const consent = writtenAt(doctor, 'Consent', 'consent', {
    id: 'c',
    grantees: ['Practitioner/2', 'Organization/5'],
  });
  const grants: RulesByConsent[] = [
    { c: { type: 'permit', actors: ['Practitioner/2', 'Organization/5|CST'] } },
  ];
  expect(read(doctor, consent, { grants })).toBe('OK');
  expect(read(system, consent, { grants })).toBe('OK');
  expect(read({ ...doctor, fhirUser: 'Practitioner/3' }, consent, { grants })).toBe('NOT_GRANTED');
  expect(read(lab, consent, { grants })).toBe('NOT_GRANTED');
  const asked = writtenAt(lab, 'Consent', 'consent', { author: lab });
  expect(read(lab, asked)).toBe('OK');
  expect(read(doctor, asked)).toBe('NOT_GRANTED');
});

test('everyone reads the directory; the rest only its organisation, by role', () => {
  const { patient: _patient, section: _section, ...rest } = writtenAt(callers.system, 'Binary', 'other');
  const readers = (home: EntryValue['home'], organisation = 'HospitalMSP') =>
    ROLES.filter((role) => read(callers[role], { ...rest, home, organisation }) === 'OK');
  expect(readers('directory', 'ThirdMSP')).toEqual(ROLES);
  expect(readers('attached')).toEqual(['doctor', 'system']);
  expect(readers('attached', 'LabMSP')).toEqual(['lab']);
  expect(readers('administrative')).toEqual(['hr', 'researcher']);
  expect(readers('administrative', 'ThirdMSP')).toEqual([]);
});
