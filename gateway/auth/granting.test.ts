import { inside, narrow, needsPatient, sensibleFor } from './granting.ts';

const knows = (): boolean => true;

test.each([
  [
    'what is allowed stays as it was written',
    'patient/Observation.read',
    'patient/*.rs',
    'patient/Observation.read',
  ],
  [
    'what is wider is cut down',
    'patient/*.cruds openid',
    'patient/Observation.rs openid',
    'patient/Observation.rs openid',
  ],
  ['to each limit', 'user/*.*', 'user/Condition.r user/Patient.u', 'user/Condition.r user/Patient.u'],
  ['what is not allowed is left out', 'user/*.rs offline_access', 'patient/*.rs openid', ''],
  ['what is no scope is left out', 'banana patient/Nonsense.rs', 'patient/*.cruds', ''],
  [
    'what search parameters confine is read only',
    'patient/Observation.cruds?category=http://a.example|b user/Condition.c?code=c',
    'patient/*.cruds user/*.cruds',
    'patient/Observation.rs?category=http://a.example|b',
  ],
  [
    'by the client’s own limits too',
    'system/Observation.cruds system/Condition.cud',
    'system/Observation.cruds?category=vital-signs system/Condition.cruds?code=c',
    'system/Observation.rs?category=vital-signs',
  ],
  ['twice is once', 'openid openid patient/*.r patient/*.r', 'openid patient/*.r', 'openid patient/*.r'],
])('%s', (_case, requested, allowed, granted) => {
  expect(narrow(requested.split(' '), allowed.split(' '), knows).join(' ')).toBe(granted);
});

test('a search parameter that the index does not know is not granted, rather than not enforced', () => {
  const asked = ['patient/Observation.rs?colour=red', 'patient/Observation.rs?code:not=a'];
  expect(narrow(asked, ['patient/*.rs'], (_type, name) => name === 'code')).toEqual([asked[1]]);
});

test.each([
  ['patient', true, 'openid launch/patient patient/*.rs user/*.rs'],
  ['doctor', true, 'openid launch/patient patient/*.rs user/*.rs'],
  ['doctor', false, 'openid user/*.rs'],
  ['system', false, 'system/*.rs'],
  ['researcher', false, 'system/*.rs'],
] as const)('what is sensible for a %s, patient in context: %s', (role, patientInContext, scopes) => {
  const all = ['openid', 'launch/patient', 'patient/*.rs', 'user/*.rs', 'system/*.rs'];
  expect(sensibleFor(role, all, patientInContext).join(' ')).toBe(scopes);
});

test('a patient is needed for a record’s scopes, and when the app asks for one', () => {
  expect(needsPatient(['openid', 'patient/Patient.r'])).toBe(true);
  expect(needsPatient(['launch/patient'])).toBe(true);
  expect(needsPatient(['openid', 'user/*.rs'])).toBe(false);
});

test('at a refresh, less is inside and more is not', () => {
  const granted = ['openid', 'patient/*.rs'];
  expect(inside(['openid', 'patient/Observation.r', 'patient/*.c', 'fhirUser'], granted)).toEqual([
    'openid',
    'patient/Observation.r',
  ]);
});

test('at a refresh, a write that search parameters confine is inside for what it reads alone', () => {
  const granted = ['patient/*.rs', 'patient/*.c'];
  const asked = ['patient/Observation.crs?code=a', 'patient/Observation.c?code=a'];
  expect(inside(asked, granted)).toEqual(['patient/Observation.crs?code=a']);
});
