import { bundleOf, detailOf, outcomeOf, resourceOf } from '../clients/answer.ts';
import { systemSession } from '../clients/backend.ts';
import { condition, heartRate } from '../clients/clinical.ts';
import { eventually } from '../clients/eventually.ts';
import { staffSession } from '../clients/login.ts';
import { totalOf } from '../clients/record-view.ts';
import type { Bundle, Resource } from '../clients/resource.ts';
import type { Session } from '../clients/session.ts';
import { newPatientLike, type NewPatient } from '../clients/synthea.ts';

/** What the hospital's information system does with a patient of its own, new to the server. */
let hospital: Session;
let fresh: NewPatient;
let answer: Bundle;
let patient: string;

beforeAll(async () => {
  hospital = await systemSession('hospital-system');
  fresh = newPatientLike('maragret');
  answer = (await hospital.fhir.transaction({ body: { ...fresh.bundle } })) as unknown as Bundle;
  patient = /Patient\/([^/]+)/.exec(answer.entry?.[0]?.response?.location ?? '')?.[1] ?? '';
});

test('the hospital’s system loads a patient’s export in one transaction', () => {
  const entries = answer.entry ?? [];
  expect(answer.type).toBe('transaction-response');
  expect(entries.length).toBe(fresh.bundle.entry?.length);
  for (const { response } of entries) expect(response?.status).toMatch(/^201/);
});

test('and finds it by its number', async () => {
  const found = await hospital.find(`Patient?identifier=${fresh.identifier}`);
  expect(found.map(({ id, name }) => [id, name])).toEqual([
    [patient, [expect.objectContaining({ family: fresh.family })]],
  ]);
});

test('urn:uuid references lead to what was created with them', async () => {
  const [report] = await hospital.find(`DiagnosticReport?patient=${patient}&category=LAB&_count=1`);
  const [first] = report?.['result'] as { reference: string }[];
  expect((await hospital.get(first?.reference ?? '')).status).toBe(200);
});

test('a transaction bundle posted again does not make a second patient', async () => {
  const again = await hospital.request('POST', '', fresh.bundle);
  expect(again.status).toBe(409);
  expect(outcomeOf(again).issue[0]?.expression?.[0]).toContain('Bundle.entry[0]');
  expect((await hospital.find(`Patient?identifier=${fresh.identifier}`)).length).toBe(1);
  expect(await totalOf(hospital, `Encounter?patient=${patient}&_total=accurate`)).toBe(
    fresh.bundle.entry?.filter(({ resource }) => resource?.resourceType === 'Encounter').length,
  );
});

test('nor does a Patient with a number that is taken', async () => {
  const [system, value] = fresh.identifier.split('|');
  const second = { resourceType: 'Patient', identifier: [{ system, value }] };
  expect((await hospital.request('POST', 'Patient', second)).status).toBe(409);
});

test('a transaction with one bad entry writes nothing', async () => {
  const family = `Nobody-${fresh.family}`;
  const bundle = {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      {
        fullUrl: 'urn:uuid:7d2a6c1e-0d0f-4a54-8f0e-000000000001',
        resource: { resourceType: 'Patient', name: [{ family }] },
        request: { method: 'POST', url: 'Patient' },
      },
      {
        resource: { ...heartRate('x', 60), status: 'bogus' },
        request: { method: 'POST', url: 'Observation' },
      },
    ],
  };
  const refused = await hospital.request('POST', '', bundle);
  expect([400, 422]).toContain(refused.status);
  expect(outcomeOf(refused).issue[0]?.expression?.[0]).toContain('Bundle.entry[1]');
  expect(await totalOf(hospital, `Patient?family=${family}`)).toBe(0);
});

test('a batch does each entry by itself', async () => {
  const bundle = {
    resourceType: 'Bundle',
    type: 'batch',
    entry: [
      { resource: heartRate(patient, 81), request: { method: 'POST', url: 'Observation' } },
      {
        resource: { ...heartRate(patient, 82), status: 'bogus' },
        request: { method: 'POST', url: 'Observation' },
      },
      { request: { method: 'GET', url: `Patient/${patient}` } },
      { request: { method: 'GET', url: 'Patient/never-was' } },
    ],
  };
  const { entry = [] } = (await hospital.fhir.batch({ body: bundle })) as unknown as Bundle;
  expect(entry.map(({ response }) => response?.status.slice(0, 3))).toEqual([
    '201',
    expect.stringMatching(/400|422/),
    '200',
    '404',
  ]);
  expect(entry[1]?.response?.outcome?.resourceType).toBe('OperationOutcome');
  expect(entry[2]?.resource?.['id']).toBe(patient);
});

test('a conditional create makes one, however often it is sent', async () => {
  const identifier = [{ system: 'http://lab.example/orders', value: fresh.family }];
  const body = { ...heartRate(patient, 90), identifier };
  const headers = { 'If-None-Exist': `identifier=http://lab.example/orders|${fresh.family}` };
  const answers = [];
  for (let time = 0; time < 2; time++)
    answers.push(await hospital.request('POST', 'Observation', body, headers));
  expect(answers.map(({ status }) => status)).toEqual([201, 200]);
  const atOnce = { 'If-None-Exist': `identifier=http://lab.example/orders|at-once-${fresh.family}` };
  const other = {
    ...body,
    identifier: [{ system: 'http://lab.example/orders', value: `at-once-${fresh.family}` }],
  };
  const racing = await Promise.all(
    [1, 2, 3, 4].map(async () => hospital.request('POST', 'Observation', other, atOnce)),
  );
  for (const { status } of racing) expect([200, 201, 409, 412]).toContain(status);
  expect(
    (await hospital.find(`Observation?identifier=http://lab.example/orders|at-once-${fresh.family}`)).length,
  ).toBe(1);
});

describe('versions', () => {
  let name: string;

  beforeAll(async () => {
    const { id } = await hospital.create(heartRate(patient, 70));
    name = `Observation/${id}`;
    const second = { ...heartRate(patient, 75), id };
    expect((await hospital.request('PUT', name, second, { 'If-Match': 'W/"1"' })).status).toBe(200);
  });

  const valueOf = (resource?: Resource) =>
    (resource?.['valueQuantity'] as { value: number } | undefined)?.value;

  test('a history lists them, the newest first', async () => {
    const { entry = [] } = bundleOf(await hospital.get(`${name}/_history`));
    expect(entry.map(({ resource }) => valueOf(resource))).toEqual([75, 70]);
  });

  test('each is read again by its number', async () => {
    const [resourceType = '', id = ''] = name.split('/');
    for (const [version, value] of [
      ['1', 70],
      ['2', 75],
    ] as const) {
      expect(valueOf((await hospital.fhir.vread({ resourceType, id, version })) as Resource)).toBe(value);
    }
    expect((await hospital.get(`${name}/_history/3`)).status).toBe(404);
  });

  test('an update of a version that is no longer the newest is refused', async () => {
    const third = { ...heartRate(patient, 99), id: name.split('/')[1] };
    expect((await hospital.request('PUT', name, third, { 'If-Match': 'W/"1"' })).status).toBe(412);
    expect(valueOf(resourceOf(await hospital.get(name)))).toBe(75);
  });

  test('of two updates of one version at once, one wins', async () => {
    const put = async (rate: number) =>
      hospital.request(
        'PUT',
        name,
        { ...heartRate(patient, rate), id: name.split('/')[1] },
        { 'If-Match': 'W/"2"' },
      );
    const statuses = (await Promise.all([put(101), put(102), put(103)])).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 412, 412]);
  });

  test('an update does not move a resource to another patient', async () => {
    const [other] = await hospital
      .find('Patient?_count=2')
      .then((all) => all.filter(({ id }) => id !== patient));
    const moved = { ...heartRate(other?.id ?? '', 70), id: name.split('/')[1] };
    const refused = await hospital.request('PUT', name, moved);
    expect([refused.status, outcomeOf(refused).issue[0]?.expression]).toEqual([422, ['Observation.subject']]);
  });

  test('what is deleted is gone, its history is not', async () => {
    const { id } = await hospital.create(heartRate(patient, 50));
    expect((await hospital.request('DELETE', `Observation/${id}`)).status).toBeLessThan(300);
    expect((await hospital.get(`Observation/${id}`)).status).toBe(410);
    expect(await totalOf(hospital, `Observation?_id=${id}`)).toBe(0);
    const { entry = [] } = bundleOf(await hospital.get(`Observation/${id}/_history`));
    expect(entry.map(({ request }) => request?.method)).toEqual(['DELETE', 'POST']);
  });
});

test.each([
  ['the lab’s system', () => systemSession('lab-system')],
  ['a doctor of the hospital', () => staffSession('doctor2')],
])('%s, without a grant, neither reads nor writes the new record', async (_who, login) => {
  const session = await login();
  const [encounter] = await hospital.find(`Encounter?patient=${patient}&_count=1`);
  const refused = await eventually(
    () => session.get(`Patient/${patient}`),
    ({ status }) => status === 403,
  );
  expect([refused.status, detailOf(refused)]).toEqual([403, 'consent-required']);
  expect((await session.get(`Encounter/${encounter?.id}`)).status).toBe(404);
  expect(await totalOf(session, `Encounter?patient=${patient}`)).toBe(0);
  expect((await session.request('POST', 'Observation', heartRate(patient, 70))).status).toBe(403);
  expect((await session.request('POST', 'Condition', condition(patient))).status).toBe(403);
});

test('opening a record gives the hospital’s systems a grant that is there to be seen', async () => {
  const [first, ...others] = await hospital.find(`Consent?patient=${patient}`);
  expect(others).toEqual([]);
  const { actor } = first?.['provision'] as { actor: { role: { coding: { code: string }[] } }[] };
  expect(actor.map(({ role }) => role.coding[0]?.code)).toEqual(['CST']);
});
