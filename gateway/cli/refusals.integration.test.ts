import { jest } from '@jest/globals';
import { call, eventually } from './testing/requests.ts';
import { heartRate } from './testing/resources.ts';
import {
  admitPatient,
  startTwoGateways,
  type KnownPatient,
  type TwoGateways,
} from './testing/two-gateways.ts';

/** What is refused for what stands in a block that the index has not applied yet. */
let both: TwoGateways;
let ada: KnownPatient;

beforeAll(async () => {
  both = await startTwoGateways();
  ada = await admitPatient(both.hospital, 'Lovelace');
});
afterAll(() => both.close());

/** Sends the same twice, the second while the index lacks the first, and lets the index go on once the second is refused. */
async function twice(send: () => Promise<Response>): Promise<number[]> {
  const { peer } = both.hospital;
  const submit = jest.spyOn(peer, 'submit');
  peer.hold();
  try {
    const before = await peer.height();
    const first = send();
    while ((await peer.height()) === before) await new Promise(setImmediate);
    const second = send();
    while (submit.mock.results.length < 2) await new Promise(setImmediate);
    await expect(submit.mock.results[1]?.value).rejects.toThrow();
    peer.release();
    return (await Promise.all([first, second])).map(({ status }) => status);
  } finally {
    peer.release();
    submit.mockRestore();
  }
}

const send = (method: string, path: string, body: object, headers: Record<string, string> = {}, at = both) =>
  fetch(`${at.hospital.gateway.fhirBase}/${path}`, {
    method,
    headers: {
      Authorization: `Bearer ${at.hospital.system}`,
      'Content-Type': 'application/fhir+json',
      ...headers,
    },
    body: JSON.stringify(body),
  });

test('a conditional create whose criteria are taken finds what took them', async () => {
  const criteria = 'identifier=urn:order|1';
  const order = heartRate(ada.id, { identifier: [{ system: 'urn:order', value: '1' }] });
  expect(await twice(() => send('POST', 'Observation', order, { 'If-None-Exist': criteria }))).toEqual([
    201, 200,
  ]);
  const { gateway, system } = both.hospital;
  const { body } = await call(gateway, system, 'GET', `Observation?${criteria}`);
  expect(body['entry']).toHaveLength(1);
});

test('so does one in a transaction', async () => {
  const resource = heartRate(ada.id, { identifier: [{ system: 'urn:order', value: '2' }] });
  const ifNoneExist = 'identifier=urn:order|2';
  const entry = [{ resource, request: { method: 'POST', url: 'Observation', ifNoneExist } }];
  const transaction = { resourceType: 'Bundle', type: 'transaction', entry };
  expect(await twice(() => send('POST', '', transaction))).toEqual([200, 200]);
  const { gateway, system } = both.hospital;
  const { body } = await call(gateway, system, 'GET', `Observation?${ifNoneExist}`);
  expect(body['entry']).toHaveLength(1);
});

describe('while the index lags for longer than it has', () => {
  let slow: TwoGateways;
  let grace: KnownPatient;
  beforeAll(async () => {
    slow = await startTwoGateways({ applyWithin: 300 });
    grace = await admitPatient(slow.hospital, 'Hopper');
  });
  afterAll(() => slow.close());

  const criteria = (value: string) => `identifier=urn:order|${value}`;
  const order = (value: string) => heartRate(grace.id, { identifier: [{ system: 'urn:order', value }] });
  const single = (value: string) =>
    send('POST', 'Observation', order(value), { 'If-None-Exist': criteria(value) }, slow);
  const inTransaction = (value: string) => {
    const request = { method: 'POST', url: 'Observation', ifNoneExist: criteria(value) };
    const entry = [{ resource: order(value), request }];
    return send('POST', '', { resourceType: 'Bundle', type: 'transaction', entry }, {}, slow);
  };

  test.each([
    ['a conditional create', '1', single],
    ['one in a transaction', '2', inTransaction],
  ])('%s that is tried again is not done twice', async (_what, value, post) => {
    const { gateway, peer, system } = slow.hospital;
    peer.hold();
    try {
      expect((await post(value)).status).toBe(202);
      const again = await post(value);
      expect([again.status, again.headers.get('Retry-After')]).toEqual([503, expect.stringMatching(/^\d+$/)]);
    } finally {
      peer.release();
    }
    await gateway.storage.ready();
    const { body } = await call(gateway, system, 'GET', `Observation?${criteria(value)}`);
    expect(body['entry']).toHaveLength(1);
  });

  test('nor while the ledger does not say how far it is', async () => {
    const { gateway, peer, system } = slow.hospital;
    const height = jest.spyOn(peer, 'height');
    peer.hold();
    try {
      expect((await single('3')).status).toBe(202);
      height.mockRejectedValue(new Error('busy'));
      expect((await single('3')).status).toBe(503);
    } finally {
      height.mockRestore();
      peer.release();
    }
    await gateway.storage.ready();
    const { body } = await call(gateway, system, 'GET', `Observation?${criteria('3')}`);
    expect(body['entry']).toHaveLength(1);
  });
});

test('a conditional create is not done twice while the private data of the first is missing', async () => {
  const { gateway, peer, system } = both.hospital;
  const ward = { resourceType: 'Location', name: 'Ward 7', identifier: [{ system: 'urn:ward', value: '7' }] };
  const criteria = 'identifier=urn:ward|7';
  const create = () => send('POST', 'Location', ward, { 'If-None-Exist': criteria });
  peer.withhold();
  try {
    expect((await create()).status).toBe(202);
    const again = await create();
    expect([again.status, again.headers.get('Retry-After')]).toEqual([503, expect.stringMatching(/^\d+$/)]);
  } finally {
    peer.deliver();
  }
  const answer = await eventually(create, ({ status }) => status === 200);
  expect(answer.status).toBe(200);
  const { body } = await call(gateway, system, 'GET', `Location?${criteria}`);
  expect(body['entry']).toHaveLength(1);
});
