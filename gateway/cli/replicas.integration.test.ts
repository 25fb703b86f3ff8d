import { startPostgres, type RunningPostgres } from '../testing/postgres.ts';
import { startTestGateway, type TestGateway } from './test-gateway.ts';
import { call, create, eventually, type Answer } from './testing/requests.ts';
import { grantTo, heartRate, patientNamed, practitioner } from './testing/resources.ts';
import { openSharedLedger, type SharedLedger } from './testing/shared-ledger.ts';

/** Two gateways of the hospital with one PostgreSQL database: index, audit, answers and keys are shared. */
let server: RunningPostgres;
let network: SharedLedger;
let one: TestGateway;
let other: TestGateway;
/** Tokens that both take. */
let system: string;
let patient: { id: string; token: string };
let doctor: { person: string; token: string };

const status = (wanted: number) => (answer: Answer) => answer.status === wanted;

beforeAll(async () => {
  server = await startPostgres();
  network = await openSharedLedger(['HospitalMSP', 'LabMSP']);
  const indexUrl = await server.database();
  const start = () => startTestGateway({ on: { network, mspId: 'HospitalMSP' }, indexUrl, waits: [20, 200] });
  // The first projects, since nobody else is there.
  one = await start();
  other = await start();
  const enter = async (...person: Parameters<TestGateway['enter']>) => {
    const token = await one.enter(...person);
    other.admit(token, one.principalOf(token));
    return token;
  };
  system = await enter({ role: 'system', scopes: 'system/*.cruds' });
  const id = await create(one, system, patientNamed('Lovelace'));
  patient = {
    id,
    token: await enter({ role: 'patient', fhirUser: `Patient/${id}`, scopes: 'patient/*.cruds' }),
  };
  const person = `Practitioner/${await create(one, system, practitioner('Haddad'))}`;
  doctor = { person, token: await enter({ role: 'doctor', fhirUser: person }) };
});
afterAll(async () => {
  await other.close();
  await network.close();
  await server.stop();
});

test('what either has written can be read back there at once, and at the other', async () => {
  for (const [writer, reader] of [
    [one, other],
    [other, one],
  ] as const) {
    const id = await create(writer, system, heartRate(patient.id));
    expect((await call(writer, patient.token, 'GET', `Observation/${id}`)).status).toBe(200);
    // Its block is applied, and the index is one.
    expect((await call(reader, patient.token, 'GET', `Observation/${id}`)).status).toBe(200);
  }
});

test('a revocation at one is in force at the other on the very next request', async () => {
  const id = await create(one, system, heartRate(patient.id));
  const consent = await create(one, patient.token, grantTo(patient.id, doctor.person));
  expect((await call(other, doctor.token, 'GET', `Observation/${id}`)).status).toBe(200);
  expect((await call(one, patient.token, 'DELETE', `Consent/${consent}`)).status).toBe(204);
  expect((await call(other, doctor.token, 'GET', `Observation/${id}`)).status).toBe(404);
});

test('the patient sees in the audit of either what was read at the other', async () => {
  const id = await create(one, system, heartRate(patient.id));
  expect((await call(other, system, 'GET', `Observation/${id}`)).status).toBe(200);
  const { body } = await call(
    one,
    patient.token,
    'GET',
    `AuditEvent?patient=Patient/${patient.id}&_count=200`,
  );
  const seen = JSON.stringify(body);
  expect(seen).toContain(`Observation/${id}`);
  expect(body['entry']).toContainEqual(
    expect.objectContaining({ resource: expect.objectContaining({ action: 'R' }) as object }),
  );
});

test('many writes at both at once are each done once', async () => {
  const writes = Array.from({ length: 60 }, (_, n) =>
    create(n % 2 === 0 ? one : other, system, heartRate(patient.id, { valueQuantity: { value: 1000 + n } })),
  );
  const ids = await Promise.all(writes);
  const found = await call(other, patient.token, 'GET', 'Observation?value-quantity=ge1000&_count=200');
  expect(found.body['total']).toBe(ids.length);
});

test('two that start at once on an empty database and an empty ledger both come up', async () => {
  const empty = await openSharedLedger(['HospitalMSP', 'LabMSP']);
  const indexUrl = await server.database();
  const both = await Promise.all(
    [1, 2].map(() => startTestGateway({ on: { network: empty, mspId: 'HospitalMSP' }, indexUrl })),
  );
  for (const gateway of both) {
    const token = await gateway.enter({ role: 'hr' });
    expect((await call(gateway, token, 'GET', 'Organization/hospital')).status).toBe(200);
  }
  for (const gateway of both) await gateway.close();
  await empty.close();
});

test('when the one that projects ends, the other takes over, and nothing is lost', async () => {
  const before = await create(one, system, heartRate(patient.id));
  await one.close();
  const after = await create(other, system, heartRate(patient.id));
  for (const id of [before, after])
    await eventually(() => call(other, patient.token, 'GET', `Observation/${id}`), status(200));
  await eventually(() => call(other, system, 'GET', `Observation/${after}`), status(200));
});
