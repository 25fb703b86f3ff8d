import { jest } from '@jest/globals';
import { call } from './testing/requests.ts';
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

const send = (method: string, path: string, body: object, headers: Record<string, string> = {}) =>
  fetch(`${both.hospital.gateway.fhirBase}/${path}`, {
    method,
    headers: {
      Authorization: `Bearer ${both.hospital.system}`,
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
