import { parseScopes } from './auth/scopes.ts';
import { startTestGateway, type TestGateway } from './cli/test-gateway.ts';
import type { JsonObject } from './fhir/resource.ts';

let gateway: TestGateway;
let system: string;
/** Ids: two patients who granted the doctor everything, and one who granted nothing. */
let own: string;
let other: string;
let stranger: string;
let practitioner: string;

async function call(token: string, method: string, path: string, body?: object) {
  const response = await fetch(`${gateway.fhirBase}/${path}`, {
    method,
    headers: {
      Authorization: `Bearer ${token}`,
      ...(body && { 'Content-Type': 'application/fhir+json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as JsonObject };
}

async function create(resource: JsonObject, token = system): Promise<string> {
  const { status, body } = await call(token, 'POST', String(resource['resourceType']), resource);
  expect([status, body['id']]).toEqual([201, expect.any(String)]);
  return String(body['id']);
}

/** A doctor's token; `launch` is the patient in context. */
async function doctor(scopes: string, launch?: string): Promise<string> {
  const token = await gateway.enter({ role: 'doctor', fhirUser: `Practitioner/${practitioner}`, scopes });
  if (launch !== undefined) gateway.principalOf(token).launchPatient = launch;
  return token;
}

const coded = (system: string, code: string): JsonObject => ({ coding: [{ system, code }] });
const entriesOf = (body: JsonObject): JsonObject[] => (body['entry'] ?? []) as JsonObject[];
const found = async (token: string, path: string): Promise<string[]> => {
  const { status, body } = await call(token, 'GET', path);
  expect([path, status]).toEqual([path, 200]);
  return entriesOf(body)
    .map(({ fullUrl }) => String(fullUrl).slice(gateway.fhirBase.length + 1))
    .sort();
};
const typesOf = (references: readonly string[]): string[] =>
  [...new Set(references.map((reference) => reference.split('/')[0] ?? ''))].sort();
const expressions = (body: JsonObject): unknown =>
  (body['issue'] as JsonObject[]).flatMap(({ expression }) => expression ?? []);

const identifier = (value: string): JsonObject[] => [{ system: 'http://example.org/mrn', value }];
const observation = (patient: string): JsonObject => ({
  resourceType: 'Observation',
  status: 'final',
  category: [coded('http://terminology.hl7.org/CodeSystem/observation-category', 'vital-signs')],
  code: coded('http://loinc.org', '8867-4'),
  subject: { reference: `Patient/${patient}` },
});

async function grantEverything(patient: string): Promise<void> {
  const token = await gateway.enter({ role: 'patient', fhirUser: `Patient/${patient}` });
  await create(
    {
      resourceType: 'Consent',
      status: 'active',
      scope: coded('http://terminology.hl7.org/CodeSystem/consentscope', 'patient-privacy'),
      category: [coded('http://loinc.org', '59284-0')],
      patient: { reference: `Patient/${patient}` },
      dateTime: '2026-01-01T00:00:00Z',
      policyRule: coded('http://terminology.hl7.org/CodeSystem/v3-ActCode', 'OPTIN'),
      provision: {
        type: 'permit',
        actor: [
          {
            role: coded('http://terminology.hl7.org/CodeSystem/v3-ParticipationType', 'IRCP'),
            reference: { reference: `Practitioner/${practitioner}` },
          },
        ],
      },
    },
    token,
  );
}

beforeAll(async () => {
  gateway = await startTestGateway();
  system = await gateway.enter({ role: 'system', scopes: 'system/*.cruds' });
  practitioner = await create({ resourceType: 'Practitioner', name: [{ family: 'Who' }] });
  own = await create({ resourceType: 'Patient', name: [{ family: 'Own' }], identifier: identifier('own') });
  other = await create({ resourceType: 'Patient', identifier: identifier('other') });
  stranger = await create({ resourceType: 'Patient', identifier: identifier('stranger') });
  for (const patient of [own, other]) await grantEverything(patient);
  for (const patient of [own, other, stranger]) await create(observation(patient));
});
afterAll(() => gateway.close());

describe('AuditEvents', () => {
  test('are those of the patient in context, whatever else the token covers', async () => {
    const token = await doctor('user/*.rs', own);
    for (const patient of [own, other]) await found(token, `Observation?patient=${patient}`);
    const total = async (patient: string) =>
      (await call(token, 'GET', `AuditEvent?patient=${patient}&_total=accurate`)).body['total'];
    expect(await total(other)).toBeGreaterThan(0);
    for (const scopes of ['patient/AuditEvent.rs user/Observation.rs', 'patient/*.rs user/AuditEvent.r']) {
      gateway.principalOf(token).scopes = parseScopes(scopes);
      expect(await total(other)).toBe(0);
      expect(await total(own)).toBeGreaterThan(0);
    }
  });

  test.each([
    ['that is confined to a patient, without one in context', 'patient/AuditEvent.rs'],
    ['with search parameters, which the log does not know', 'user/AuditEvent.rs?action=R'],
  ])('are refused to a scope %s', async (_what, scopes) => {
    expect((await call(await doctor(scopes), 'GET', 'AuditEvent')).status).toBe(403);
  });

  test("show HR what type others searched, not what for, and HR's own searches whole", async () => {
    const wide = await doctor('user/*.rs');
    await found(wide, `Observation?patient=${stranger}&code=HIV`);
    const hr = await gateway.enter({ role: 'hr' });
    await found(hr, 'Practitioner?name=Nobody');
    const { body } = await call(hr, 'GET', 'AuditEvent?subtype=search-type&_count=1000');
    const entities = entriesOf(body).flatMap(
      ({ resource }) => (resource as JsonObject)['entity'] as { query?: string }[],
    );
    const queries = entities.flatMap(({ query }) => (query === undefined ? [] : [atob(query)]));
    expect(queries).toContain('Observation');
    expect(queries).toContain('Practitioner?name=Nobody');
    expect(queries.filter((query) => query.includes('HIV') || query.includes(stranger))).toEqual([]);
  });
});

describe('a token that may read Observations and search Patients', () => {
  let token: string;
  beforeAll(async () => {
    token = await doctor('user/Observation.r user/Patient.s');
  });

  test.each([
    'Observation',
    '?_type=Observation,Patient',
    '?_type=Observation',
    'Patient?_has:Observation:patient:status=final',
  ])('is refused %s by name of the type', async (path) => {
    const { status, body } = await call(token, 'GET', path);
    expect([status, JSON.stringify(body).includes('search of Observation')]).toEqual([403, true]);
  });

  test('finds Patients alone where it names no type, and Observations come along with them', async () => {
    expect(await found(token, '?_count=100')).toEqual([own, other].map((id) => `Patient/${id}`).sort());
    expect(await found(token, `Patient/${own}/*`)).toEqual([`Patient/${own}`]);
    const along = await found(token, `Patient?_id=${own}&_revinclude=Observation:patient`);
    expect(typesOf(along)).toEqual(['Observation', 'Patient']);
    expect((await call(token, 'GET', `Patient/${own}`)).status).toBe(403);
  });
});

describe('the masked Patient', () => {
  const search = `Patient?identifier=${encodeURIComponent('http://example.org/mrn|stranger')}`;

  test('is found by whoever may search every Patient', async () => {
    expect(await found(await doctor('user/Patient.rs'), search)).toEqual([`Patient/${stranger}`]);
  });

  test.each([
    'patient/*.rs',
    'patient/*.rs user/Patient.r',
    'user/Patient.rs?name=zzz',
    'patient/*.rs user/Practitioner.rs',
  ])('is found by no token with %s', async (scopes) => {
    expect(await found(await doctor(scopes, own), search)).toEqual([]);
  });
});

test('a confined token is not told of a Patient that is not the one in context', async () => {
  const status = async (token: string, id: string) => (await call(token, 'GET', `Patient/${id}`)).status;
  const confined = await doctor('patient/*.rs user/Practitioner.rs', own);
  expect([await status(confined, other), await status(confined, stranger)]).toEqual([404, 404]);
  expect(await status(await doctor('patient/*.rs', stranger), stranger)).toBe(403);
  expect(await status(await doctor('user/*.rs'), stranger)).toBe(403);
});

test('a confined scope reaches what is attached to its patient, whatever other scopes there are', async () => {
  const medications: string[] = [];
  for (const patient of [own, other]) {
    const id = await create({ resourceType: 'Medication', code: { text: 'x' } });
    medications.push(id);
    await create({
      resourceType: 'MedicationRequest',
      status: 'active',
      intent: 'order',
      subject: { reference: `Patient/${patient}` },
      medicationReference: { reference: `Medication/${id}` },
    });
  }
  const [ofOwn = '', ofOther = ''] = medications;
  for (const scopes of ['patient/*.rs', 'patient/*.rs user/Practitioner.r']) {
    const token = await doctor(scopes, own);
    expect(await found(token, 'Medication')).toEqual([`Medication/${ofOwn}`]);
    const answers = [ofOwn, ofOther].map(async (id) => (await call(token, 'GET', `Medication/${id}`)).status);
    expect(await Promise.all(answers)).toEqual([200, 404]);
  }
});

test('a patient changes the own names and sends the rest back as it was read', async () => {
  const id = await create({
    resourceType: 'Patient',
    meta: { profile: ['http://hl7.org/fhir/StructureDefinition/Patient'] },
    name: [{ family: 'Before' }],
    birthDate: '1980-01-01',
  });
  const patient = await gateway.enter({ role: 'patient', fhirUser: `Patient/${id}` });
  const { body } = await call(patient, 'GET', `Patient/${id}`);
  const put = (change: object) => call(patient, 'PUT', `Patient/${id}`, { ...body, ...change });
  const changed = await put({ name: [{ family: 'After' }] });
  expect([changed.status, changed.body['name']]).toEqual([200, [{ family: 'After' }]]);
  const refused = await put({ birthDate: '1900-01-01', gender: 'other', meta: { tag: [{ code: 'x' }] } });
  expect([refused.status, expressions(refused.body)]).toEqual([
    403,
    ['Patient.birthDate', 'Patient.gender', 'Patient.meta.tag'],
  ]);
});
