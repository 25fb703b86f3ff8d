import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import type { LedgerSettings } from '../config.ts';
import { Admission } from './index.ts';

interface Visit {
  request: IncomingMessage;
  /** What was answered, `working` meanwhile. */
  status: number | 'working' | 'waiting';
  retryAfter: string | undefined;
  /** Ends the work on it. */
  finish: () => void;
}

/** An admission whose clock is the test's, before work that ends when the test says so. */
function admissionAt(time: { now: number }, begun = () => {}, engine: LedgerSettings['engine'] = 'embedded') {
  const admission = new Admission({ maxBody: 1000, ledger: { engine }, clock: () => time.now });
  const visits = new Map<IncomingMessage, Visit>();
  const listener = admission.before((request) => {
    const visit = visits.get(request);
    if (!visit) throw new Error('nobody asked this');
    visit.status = 'working';
    begun();
    return new Promise<void>((resolve) => {
      visit.finish = () => {
        visit.status = 200;
        resolve();
      };
    });
  });
  return {
    ask(method = 'GET', url = '/fhir/R4/Observation/1', headers: IncomingMessage['headers'] = {}): Visit {
      const request = new IncomingMessage(new Socket());
      Object.assign(request, { method, url, headers });
      const visit: Visit = { request, status: 'waiting', retryAfter: undefined, finish: () => undefined };
      const response = new ServerResponse(request);
      response.writeHead = ((status: number, sent: Record<string, string>) => {
        visit.status = status;
        visit.retryAfter = sent['Retry-After'];
        return response;
      }) as ServerResponse['writeHead'];
      response.end = () => response;
      visits.set(request, visit);
      void listener(request, response);
      return visit;
    },
  };
}

/** Lets everything run that can. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 300; turn += 1) await setImmediate();
}

const count = (visits: readonly Visit[], status: Visit['status']) =>
  visits.filter((visit) => visit.status === status).length;

const times = <T>(amount: number, make: () => T): T[] => Array.from({ length: amount }, make);

test('so much is worked on at once, so much waits, and the rest is told to come again', async () => {
  const { ask } = admissionAt({ now: 0 });
  const visits = times(3000, () => ask());
  await settle();
  expect([count(visits, 'working'), count(visits, 'waiting'), count(visits, 503)]).toEqual([256, 2048, 696]);
  const again = new Set(visits.filter(({ status }) => status === 503).map(({ retryAfter }) => retryAfter));
  expect([...again].sort()).toEqual(['1', '2', '3', '4']);
  for (let round = 0; round < 10; round += 1) {
    for (const { status, finish } of visits) if (status === 'working') finish();
    await settle();
  }
  expect([count(visits, 200), count(visits, 503)]).toEqual([2304, 696]);
});

test('who floods is answered so fast that the others do not have to wait for it, and no faster', async () => {
  const { ask } = admissionAt({ now: 0 });
  const visits = times(2304 + 200, () => ask());
  const refused = [];
  for (let turn = 0; turn < 4; turn += 1) {
    await setImmediate();
    refused.push(count(visits, 503));
  }
  expect(refused).toEqual([64, 128, 192, 200]);
});

test('on Fabric, where writes wait for others, as many are worked on as come while a leader is chosen', async () => {
  const working = async (engine: LedgerSettings['engine']) => {
    const { ask } = admissionAt({ now: 0 }, () => {}, engine);
    const visits = times(1500, () => ask('POST', '/fhir/R4/Observation'));
    await settle();
    return count(visits, 'working');
  };
  expect([await working('embedded'), await working('fabric')]).toEqual([256, 1500]);
});

test('while reads wait, writes, logins and the CapabilityStatement go on, and health is always answered', async () => {
  const { ask } = admissionAt({ now: 0 });
  times(500, () => ask());
  const others = [
    ask('POST', '/fhir/R4/Observation'),
    ask('POST', '/oauth/token'),
    ask('GET', '/fhir/R4/metadata'),
    ...times(1000, () => ask('GET', '/healthz')),
  ];
  expect(count(others, 'working')).toBe(others.length);
});

test('who has waited for too long is refused, though nobody was done', async () => {
  const time = { now: 0 };
  const { ask } = admissionAt(time);
  const visits = times(300, () => ask());
  time.now = 5000;
  await new Promise((resolve) => setTimeout(resolve, 500));
  await settle();
  expect([count(visits, 'working'), count(visits, 503)]).toEqual([256, 44]);
});

test('nothing is done for who went away while they waited', async () => {
  const { ask } = admissionAt({ now: 0 });
  const visits = times(260, () => ask());
  const gone = visits.slice(256, 258);
  for (const { request } of gone) request.socket.destroy();
  for (const { status, finish } of visits) if (status === 'working') finish();
  await settle();
  expect([count(visits, 200), count(gone, 'waiting'), count(visits.slice(258), 'working')]).toEqual([
    256, 2, 2,
  ]);
});

test('of a turn in which reading took long, work gets as long; those who still wait go on in the next', async () => {
  const time = { now: 0 };
  let each = 0;
  const { ask } = admissionAt(time, () => (time.now += each));
  const visits = times(400, () => ask());
  const done = visits.filter(({ status }) => status === 'working');
  for (const { finish } of done) finish();
  time.now += 40;
  each = 5;
  const working = () => count(visits, 'working');
  expect(working()).toBe(0);
  await setImmediate();
  expect(working()).toBe(8);
  await settle();
  expect(working() + done.length).toBe(400);
});
