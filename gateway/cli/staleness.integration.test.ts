import { call, create, eventually, type Answer } from './testing/requests.ts';
import { heartRate, labResult } from './testing/resources.ts';
import {
  admitPatient,
  give,
  startTwoGateways,
  type KnownPatient,
  type TwoGateways,
} from './testing/two-gateways.ts';

/** A hospital and a lab whose indexes may lag two seconds. */
let both: TwoGateways;
let ada: KnownPatient;
let rate: string;

beforeAll(async () => {
  both = await startTwoGateways({ maxStale: 2000, applyWithin: 500 });
  const { hospital, lab } = both;
  ada = await admitPatient(hospital, 'Lovelace');
  await give(hospital, ada, lab.person);
  rate = await create(hospital.gateway, hospital.system, heartRate(ada.id));
});
afterAll(() => both.close());

const atHospital = (token: string, method: string, path: string, body?: object) =>
  call(both.hospital.gateway, token, method, path, body);
const atLab = (token: string, method: string, path: string, body?: object) =>
  call(both.lab.gateway, token, method, path, body);
const status = (wanted: number) => (answer: Answer) => answer.status === wanted;
const besidesFhir = (path: string) => fetch(`${both.lab.gateway.fhirBase.replace('/fhir/R4', '')}/${path}`);

/** Both answer others. */
beforeEach(async () => {
  await eventually(() => atLab(both.lab.staff, 'GET', `Observation/${rate}`), status(200));
  await eventually(() => atHospital(both.hospital.system, 'GET', `Observation/${rate}`), status(200));
});

test('an index that lags for longer than MAX_STALE closes others’ records, and opens them when it has caught up', async () => {
  const { hospital, lab } = both;
  lab.peer.hold();
  try {
    await eventually(
      () => atHospital(hospital.system, 'POST', 'Observation', heartRate(ada.id)),
      status(201),
    );
    const closed = await eventually(() => atLab(lab.staff, 'GET', `Observation/${rate}`), status(503));
    expect(closed.headers.get('Retry-After')).toMatch(/^\d+$/);
    expect(closed.body['issue']).toMatchObject([{ code: 'transient' }]);
    for (const path of [`Observation?patient=${ada.id}`, `Patient/${ada.id}/$everything`, 'Practitioner'])
      expect([path, (await atLab(lab.staff, 'GET', path)).status]).toEqual([path, 503]);
    expect((await atLab(lab.system, 'POST', 'Observation', labResult(ada.id))).status).toBe(503);
    expect((await atLab(lab.staff, 'GET', lab.person)).status).toBe(200);
    expect((await besidesFhir('readyz')).status).toBe(503);
  } finally {
    lab.peer.release();
  }
  await eventually(() => atLab(lab.staff, 'GET', `Observation/${rate}`), status(200));
  await eventually(
    () => besidesFhir('readyz'),
    (answer) => answer.status === 200,
  );
});

test('the patient’s own record goes on', async () => {
  const { hospital, lab } = both;
  hospital.peer.hold();
  try {
    await eventually(() => atLab(lab.staff, 'POST', 'Observation', labResult(ada.id)), status(201));
    await eventually(() => atHospital(hospital.system, 'GET', `Observation/${rate}`), status(503));
    for (const path of [
      `Observation/${rate}`,
      `Observation?patient=${ada.id}`,
      `Patient/${ada.id}/$everything`,
    ])
      expect([path, (await atHospital(ada.token, 'GET', path)).status]).toEqual([path, 200]);
  } finally {
    hospital.peer.release();
  }
});

test('a peer to which blocks do not come does not pass for the ledger', async () => {
  const { hospital, lab } = both;
  await lab.peer.cutOff();
  try {
    await eventually(
      () => atHospital(hospital.system, 'POST', 'Observation', heartRate(ada.id)),
      status(201),
    );
    await eventually(() => atLab(lab.staff, 'GET', `Observation/${rate}`), status(503));
  } finally {
    lab.peer.release();
  }
});

test('nor does any peer while no orderer can be asked whether there is more', async () => {
  const { lab } = both;
  lab.peer.orderersAway = true;
  try {
    await eventually(() => atLab(lab.staff, 'GET', `Observation/${rate}`), status(503));
    expect((await besidesFhir('readyz')).status).toBe(503);
  } finally {
    lab.peer.orderersAway = false;
  }
});

test('without its peer a gateway writes nothing, reads on for a while, and then closes others’ records', async () => {
  const { lab } = both;
  lab.peer.away = true;
  try {
    const refused = await atLab(lab.staff, 'POST', 'Observation', labResult(ada.id));
    expect([refused.status, refused.headers.get('Retry-After')]).toEqual([503, expect.any(String)]);
    await eventually(() => atLab(lab.staff, 'GET', `Observation/${rate}`), status(503));
  } finally {
    lab.peer.away = false;
  }
});

test('the metrics say how far behind it is', async () => {
  const metrics = await (await besidesFhir('metrics')).text();
  const value = (name: string) => Number(new RegExp(`^${name} (.+)$`, 'm').exec(metrics)?.[1]);
  expect(value('fhir_index_lag_seconds')).toBeGreaterThanOrEqual(0);
  expect(value('fhir_index_blocks')).toBeGreaterThan(1);
  expect(value('fhir_ledger_blocks')).toBeGreaterThanOrEqual(value('fhir_index_blocks'));
  expect(value('fhir_records_held')).toBe(0);
});
