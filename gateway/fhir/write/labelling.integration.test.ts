import { startTestGateway, type TestGateway } from '../../cli/test-gateway.ts';
import { call, create } from '../../cli/testing/requests.ts';
import { grantTo, heartRate, patientNamed, practitioner } from '../../cli/testing/resources.ts';
import type { JsonObject } from '../resource.ts';

const ACT = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
const hiv = { coding: [{ system: 'http://snomed.info/sct', code: '86406008' }] };
const psy = { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code: 'F32.1' }] };

let gateway: TestGateway;
let patient: string;
let owner: string;
let doctor: string;
let system: string;
let practitionerId: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  const hr = await gateway.enter({ role: 'hr' });
  system = await gateway.enter({ role: 'system' });
  patient = await create(gateway, system, patientNamed('Labelled'));
  practitionerId = await create(gateway, hr, practitioner('Reader'));
  owner = await gateway.enter({ role: 'patient', fhirUser: `Patient/${patient}` });
  doctor = await gateway.enter({ role: 'doctor', fhirUser: `Practitioner/${practitionerId}` });
});
afterAll(() => gateway.close());

const condition = (code: JsonObject, more: JsonObject = {}): JsonObject => ({
  resourceType: 'Condition',
  subject: { reference: `Patient/${patient}` },
  code,
  ...more,
});
const labelsOf = (resource: JsonObject): string[] =>
  (((resource['meta'] as JsonObject)['security'] ?? []) as JsonObject[]).map((one) => String(one['code']));

test('a deny of a sensitivity hides what says it by its codes alone, in reads, searches and totals', async () => {
  const plain = await create(gateway, system, condition({ text: 'a cold' }));
  const sensitive = await create(gateway, system, condition(hiv));
  const other = await create(gateway, system, condition(psy));
  const inside = await create(
    gateway,
    system,
    condition(
      { text: 'see inside' },
      { contained: [{ ...condition(hiv), id: 'c' }], evidence: [{ detail: [{ reference: '#c' }] }] },
    ),
  );
  const read = await call(gateway, owner, 'GET', `Condition/${sensitive}`);
  expect(labelsOf(read.body).sort()).toEqual(['HIV', 'R']);
  const found = await call(gateway, owner, 'GET', `Condition?_security=${ACT}|HIV&_total=accurate`);
  expect(found.body['total']).toBe(2);

  await create(
    gateway,
    owner,
    grantTo(patient, `Practitioner/${practitionerId}`, {
      provision: {
        ...(grantTo(patient, `Practitioner/${practitionerId}`)['provision'] as JsonObject),
        provision: [{ type: 'deny', securityLabel: [{ system: ACT, code: 'HIV' }] }],
      },
    }),
  );
  const statuses = await Promise.all(
    [plain, sensitive, other, inside].map(
      async (id) => (await call(gateway, doctor, 'GET', `Condition/${id}`)).status,
    ),
  );
  expect(statuses).toEqual([200, 404, 200, 404]);
  const searched = await call(gateway, doctor, 'GET', 'Condition?_total=accurate');
  expect(searched.body['total']).toBe(2);
});

test('the author’s labels stay, and an update keeps what its codes bring', async () => {
  const meta = { security: [{ system: 'urn:own', code: 'mine' }] };
  const id = await create(gateway, system, condition(psy, { meta }));
  const updated = await call(gateway, system, 'PUT', `Condition/${id}`, { ...condition(psy, { meta }), id });
  expect(updated.status).toBe(200);
  expect(labelsOf(updated.body)).toEqual(['mine', 'PSY', 'R']);
});

test('what says nothing sensitive is stored as it came', async () => {
  const id = await create(gateway, system, heartRate(patient));
  const read = await call(gateway, system, 'GET', `Observation/${id}`);
  expect((read.body['meta'] as JsonObject)['security']).toBeUndefined();
});
