import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { call, create } from './testing/requests.ts';
import { grantTo, heartRate, patientNamed } from './testing/resources.ts';
import { startTestGateway, type TestGateway } from './test-gateway.ts';

/** A process that is killed after the ledger has a transaction and before its answer is kept. */
let gateway: TestGateway;
let system: string;
let patient: string;
/** Token of the patient. */
let own: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  system = await gateway.enter({ role: 'system', scopes: 'system/*.cruds' });
  patient = await create(gateway, system, patientNamed('Hopper'));
  own = await gateway.enter({ role: 'patient', fhirUser: `Patient/${patient}`, scopes: 'patient/*.cruds' });
});
afterAll(() => gateway.close());

function loseAnswers(): void {
  const answers = new DatabaseSync(join(gateway.dataDir, 'answers.db'));
  answers.exec('delete from answer');
  answers.close();
}

const post = (token: string, key: string, entry: readonly object[]) =>
  fetch(gateway.fhirBase, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${token}`,
      'Content-Type': 'application/fhir+json',
      'Idempotency-Key': key,
    },
    body: JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry }),
  });

const count = async (type: string) =>
  (await call(gateway, own, 'GET', `${type}?patient=${patient}&_summary=count`)).body['total'];

const heartRates = () => [{ resource: heartRate(patient), request: { method: 'POST', url: 'Observation' } }];
const consents = () => [
  { resource: grantTo(patient, 'Organization/lab'), request: { method: 'POST', url: 'Consent' } },
];

/** The reference of what a transaction with one entry created. */
async function createdBy(response: Response): Promise<string> {
  const { entry } = (await response.json()) as { entry: [{ response: { location: string } }] };
  return /[A-Za-z]+\/[^/]+(?=\/_history)/.exec(entry[0].response.location)?.[0] ?? '';
}

test.each([
  ['of resources', 'Observation', () => system, heartRates],
  ['of a Consent in force', 'Consent', () => own, consents],
])('a transaction %s whose answer was lost is not done again, and is said to be done', async (...given) => {
  const [, type, token, entry] = given;
  const entries = entry();
  const response = await post(token(), `lost-${type}`, entries);
  expect(response.status).toBe(200);
  const before = await count(type);
  loseAnswers();
  const again = await post(token(), `lost-${type}`, entries);
  expect([again.status, await again.text()]).toEqual([409, expect.stringContaining('was done')]);
  expect(await count(type)).toBe(before);
});

test.each<[string, (reference: string) => Promise<{ status: number }>]>([
  [
    'changed',
    (reference) =>
      call(gateway, system, 'PUT', reference, {
        ...heartRate(patient, { id: reference.replace(/.*\//, ''), status: 'amended' }),
      }),
  ],
  ['deleted', (reference) => call(gateway, system, 'DELETE', reference)],
])('nor is it when what it created was %s meanwhile', async (what, meanwhile) => {
  const entries = heartRates();
  const created = await createdBy(await post(system, what, entries));
  expect((await meanwhile(created)).status).toBeLessThan(300);
  const before = await count('Observation');
  loseAnswers();
  expect((await post(system, what, entries)).status).toBe(409);
  expect(await count('Observation')).toBe(before);
});
