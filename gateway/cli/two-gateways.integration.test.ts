import type { JsonObject } from '../fhir/resource.ts';
import { call, create, eventually, type Answer } from './testing/requests.ts';
import { grantTo, heartRate, labResult } from './testing/resources.ts';
import {
  admitPatient,
  give,
  startTwoGateways,
  type KnownPatient,
  type TwoGateways,
} from './testing/two-gateways.ts';

let both: TwoGateways;
let ada: KnownPatient;

beforeAll(async () => {
  both = await startTwoGateways({ applyWithin: 500 });
  ada = await admitPatient(both.hospital, 'Lovelace');
});
afterAll(() => both.close());

const atHospital = (token: string, method: string, path: string, body?: object) =>
  call(both.hospital.gateway, token, method, path, body);
const atLab = (token: string, method: string, path: string, body?: object) =>
  call(both.lab.gateway, token, method, path, body);
const status = (wanted: number) => (answer: Answer) => answer.status === wanted;

/** Ends a Consent that was given. */
async function revoke(patient: KnownPatient, consent: string): Promise<void> {
  const { body } = await atHospital(patient.token, 'GET', `Consent/${consent}`);
  const answer = await atHospital(patient.token, 'PUT', `Consent/${consent}`, {
    ...body,
    status: 'inactive',
  });
  expect(answer.status).toBe(200);
}

test('what the hospital writes is at the lab, the same, and what the lab posts at the hospital', async () => {
  const { hospital, lab } = both;
  const consent = await give(hospital, ada, lab.person);
  const rate = await create(hospital.gateway, hospital.system, heartRate(ada.id));
  const read = await eventually(() => atLab(lab.staff, 'GET', `Observation/${rate}`), status(200));
  expect(read.body).toEqual((await atHospital(ada.token, 'GET', `Observation/${rate}`)).body);

  const result = await create(lab.gateway, lab.staff, labResult(ada.id));
  await eventually(() => atHospital(ada.token, 'GET', `Observation/${result}`), status(200));
  await revoke(ada, consent);
});

test('a revocation at the hospital is in force at the lab', async () => {
  const { hospital, lab } = both;
  const consent = await give(hospital, ada, lab.person);
  const rate = await create(hospital.gateway, hospital.system, heartRate(ada.id));
  await eventually(() => atLab(lab.staff, 'GET', `Observation/${rate}`), status(200));
  await revoke(ada, consent);
  await eventually(() => atLab(lab.staff, 'GET', `Observation/${rate}`), status(404));
  expect((await atLab(lab.staff, 'GET', `Patient/${ada.id}`)).status).toBe(403);
});

describe('references that are absolute under the base of the gateway that takes them', () => {
  const absolute = (gateway: { fhirBase: string }, reference: string) => ({
    reference: `${gateway.fhirBase}/${reference}`,
  });

  test('mean the same at the other gateway', async () => {
    const { hospital, lab } = both;
    const consent = await create(
      hospital.gateway,
      ada.token,
      grantTo(ada.id, `${hospital.gateway.fhirBase}/${lab.person}`, {
        patient: absolute(hospital.gateway, `Patient/${ada.id}`),
      }),
    );
    const subject = absolute(lab.gateway, `Patient/${ada.id}`);
    await eventually(() => atLab(lab.staff, 'GET', `Patient/${ada.id}`), status(200));
    const result = await create(lab.gateway, lab.staff, labResult(ada.id, { subject }));
    const { body } = await eventually(
      () => atHospital(ada.token, 'GET', `Observation/${result}`),
      status(200),
    );
    expect(body['subject']).toEqual({ reference: `Patient/${ada.id}` });
    const found = await atHospital(
      ada.token,
      'GET',
      `Observation?_id=${result}&subject=${hospital.gateway.fhirBase}/Patient/${ada.id}`,
    );
    expect(found.body['total']).toBe(1);
    await revoke(ada, consent);
    expect([both.hospital.alarms, both.lab.alarms]).toEqual([[], []]);
  });

  test('are those of a Provenance’s targets, too, and of entries of a transaction', async () => {
    const { gateway, system } = both.hospital;
    const url = `${gateway.fhirBase}/Observation/not-there-yet`;
    const transaction = {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [
        {
          fullUrl: url,
          resource: heartRate(ada.id, { subject: absolute(gateway, `Patient/${ada.id}`) }),
          request: { method: 'POST', url: 'Observation' },
        },
        {
          resource: {
            resourceType: 'Provenance',
            target: [{ reference: url }],
            recorded: '2026-01-01T00:00:00Z',
            agent: [{ who: absolute(gateway, 'Organization/hospital') }],
          },
          request: { method: 'POST', url: 'Provenance' },
        },
      ],
    };
    const { status: code, body } = await atHospital(system, 'POST', '', transaction);
    expect(code).toBe(200);
    const [observation = '', provenance = ''] = (body['entry'] as { response: { location: string } }[]).map(
      ({ response }) => /\/R4\/([^/]+\/[^/]+)/.exec(response.location)?.[1] ?? '',
    );
    expect((await atHospital(ada.token, 'GET', provenance)).body).toMatchObject({
      target: [{ reference: observation }],
      agent: [{ who: { reference: 'Organization/hospital' } }],
    });
    const alone = {
      resourceType: 'Provenance',
      target: [absolute(gateway, observation)],
      recorded: '2026-01-01T00:00:00Z',
      agent: [{ who: { display: 'somebody' } }],
    };
    expect((await atHospital(system, 'POST', 'Provenance', alone)).status).toBe(201);
  });

  test('are no change of the own Patient', async () => {
    const { gateway, system } = both.hospital;
    const managingOrganization = { reference: 'Organization/hospital' };
    const id = await create(gateway, system, {
      resourceType: 'Patient',
      name: [{ family: 'Hopper' }],
      managingOrganization,
    });
    const token = await gateway.enter({
      role: 'patient',
      fhirUser: `Patient/${id}`,
      scopes: 'patient/*.cruds',
    });
    const answer = await atHospital(token, 'PUT', `Patient/${id}`, {
      resourceType: 'Patient',
      id,
      name: [{ family: 'Hopper', given: ['Grace'] }],
      managingOrganization: absolute(gateway, 'Organization/hospital'),
    });
    expect([answer.status, answer.body['managingOrganization']]).toEqual([200, managingOrganization]);
  });
});

test('a write that is committed, and not applied in time, is answered with 202 and where it will be', async () => {
  const { hospital } = both;
  hospital.peer.hold();
  let location = '';
  try {
    const accepted = await atHospital(hospital.system, 'POST', 'Observation', heartRate(ada.id));
    expect(accepted.status).toBe(202);
    location = accepted.headers.get('Location')?.replace(`${hospital.gateway.fhirBase}/`, '') ?? '';
  } finally {
    hospital.peer.release();
  }
  await eventually(() => atHospital(ada.token, 'GET', location), status(200));
});

describe('a peer that lacks private data', () => {
  let byron: KnownPatient;
  let rate: string;
  let others: string;

  beforeAll(async () => {
    const { hospital, lab } = both;
    byron = await admitPatient(hospital, 'Byron');
    await give(hospital, byron, lab.person);
    rate = await create(hospital.gateway, hospital.system, heartRate(byron.id));
    await give(hospital, ada, lab.person);
    others = await create(hospital.gateway, hospital.system, heartRate(ada.id));
    for (const id of [rate, others])
      await eventually(() => atLab(lab.staff, 'GET', `Observation/${id}`), status(200));
  });

  /** A Consent that denies the lab's person what another permits. */
  const denial = () => {
    const { provision, ...rest } = grantTo(byron.id, both.lab.person);
    const resourceClass = { system: 'http://hl7.org/fhir/resource-types', code: 'Observation' };
    return { ...rest, provision: { ...(provision as JsonObject), type: 'deny', class: [resourceClass] } };
  };

  test('closes the record that a denial may be missing of, and no other, until the data has come', async () => {
    const { hospital, lab } = both;
    lab.peer.withhold();
    try {
      await create(hospital.gateway, byron.token, denial());
      const held = await eventually(() => atLab(lab.staff, 'GET', `Observation/${rate}`), status(503));
      expect(held.headers.get('Retry-After')).toMatch(/^\d+$/);
      for (const path of [`Observation?patient=${byron.id}`, `Patient/${byron.id}/$everything`])
        expect([path, (await atLab(lab.staff, 'GET', path)).status]).toEqual([path, 503]);
      expect((await atLab(lab.staff, 'POST', 'Observation', labResult(byron.id))).status).toBe(503);
      expect((await atLab(lab.staff, 'GET', `Observation/${others}`)).status).toBe(200);
      await eventually(
        async () => lab.alarms,
        (alarms) => alarms.includes('private data is missing'),
      );
    } finally {
      lab.peer.deliver();
    }
    await eventually(() => atLab(lab.staff, 'GET', `Observation/${rate}`), status(404));
    expect((await atLab(lab.staff, 'GET', `Observation/${others}`)).status).toBe(200);
    expect(hospital.alarms).toEqual([]);
  });

  test('knows of a revocation all the same: the grant’s key is deleted in the block', async () => {
    const { hospital, lab } = both;
    const consent = await give(hospital, ada, lab.person);
    const { body } = await atHospital(ada.token, 'GET', `Consent?actor=${lab.person}&status=active`);
    const given = (body['entry'] as { resource: { id: string } }[]).map(({ resource }) => resource.id);
    expect(given).toContain(consent);
    lab.peer.withhold();
    try {
      for (const id of given) await revoke(ada, id);
      await eventually(() => atLab(lab.staff, 'GET', `Observation/${others}`), status(404));
    } finally {
      lab.peer.deliver();
    }
    await eventually(
      () => lab.gateway.services.index.parked(),
      (parked) => parked.length === 0,
    );
  });
});

test('what an erasure did not know of is purged when the other organisation still has it', async () => {
  const { hospital, lab } = both;
  const { id, token } = await admitPatient(hospital, 'Babbage');
  await give(hospital, { id, token }, lab.person);
  await eventually(() => atLab(lab.staff, 'GET', `Patient/${id}`), status(200));
  hospital.peer.withhold();
  let result = '';
  try {
    result = await create(lab.gateway, lab.staff, labResult(id));
    await eventually(
      async () => hospital.alarms,
      (alarms) => alarms.includes('private data is missing'),
    );
    const erased = await atHospital(hospital.hr, 'DELETE', `Patient/${id}`);
    expect(erased.status).toBe(204);
    await eventually(
      () => lab.gateway.services.index.erasedWithKeys(),
      (patients) => patients.length === 0,
    );
    await eventually(
      () => lab.gateway.services.index.get('Observation', result),
      (stored) => stored === undefined,
    );
  } finally {
    hospital.peer.deliver();
  }
  await eventually(
    () => hospital.gateway.services.index.parked(),
    (parked) => parked.length === 0,
  );
  const query = { fn: 'QueryAsset', type: 'Observation', id: result } as const;
  const { identity } = lab.gateway.principalOf(lab.system);
  await expect(lab.peer.evaluate(identity, query)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});
