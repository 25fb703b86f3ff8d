import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runFlood } from './flood.ts';

let server: Server;

/** Floods a server for a moment with what is sent in turns. */
async function flood(listener: RequestListener, connections: number, rate = 200) {
  server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return runFlood({
    kind: 'flood',
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [
      { method: 'GET', path: '/read' },
      { method: 'POST', path: '/create', body: '{"text":"naïve"}' },
      { method: 'GET', path: '/refused' },
      { method: 'GET', path: '/broken' },
    ],
    headers: { Accept: 'application/json' },
    authorizations: ['Bearer one'],
    ...{ connections, rate, seconds: 1 },
  });
}

afterEach(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

test('of what was sent it says what was answered, created, refused with when to come again, and not answered', async () => {
  const bodies: string[] = [];
  const outcome = await flood((request, response) => {
    expect(request.headers).toMatchObject({ authorization: 'Bearer one', accept: 'application/json' });
    if (request.url === '/broken') return void request.socket.destroy();
    if (request.url === '/refused') response.writeHead(503, { 'Retry-After': '2' });
    if (request.url === '/create') response.writeHead(201, { Location: '/created/1' });
    request.setEncoding('utf8').on('data', (text: string) => bodies.push(text));
    request.on('end', () => response.end('done'));
  }, 50);
  const { statuses, created, retryAfter, unanswered, unsent } = outcome;
  const each = statuses[200] ?? 0;
  expect(each).toBeGreaterThan(0);
  expect(new Set(bodies)).toEqual(new Set(['{"text":"naïve"}']));
  expect(created).toEqual(Array<string>(statuses[201] ?? 0).fill('/created/1'));
  expect(retryAfter).toEqual({ 503: statuses[503] });
  expect(each - unanswered).toBeLessThanOrEqual(1);
  expect(unsent).toBe(0);
});

test('what is due while every connection waits for an answer is counted, and not sent', async () => {
  let asked = 0;
  const held: (() => void)[] = [];
  setTimeout(() => held.forEach((release) => release()), 1100);
  const outcome = await flood((_request, response) => {
    asked += 1;
    held.push(() => response.end());
  }, 3);
  expect([asked, outcome.connectionsOpen]).toEqual([3, 3]);
  expect(outcome.statuses).toEqual({ 200: 3 });
  expect(outcome.unsent).toBeGreaterThan(0);
});
