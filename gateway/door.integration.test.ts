import { get } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { openDoor, type Door } from './door.ts';

let door: Door;
let at: { host: string; port: number };

beforeEach(async () => {
  const free = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => free.once('listening', resolve));
  at = { host: '127.0.0.1', port: (free.address() as AddressInfo).port };
  await new Promise((resolve) => free.close(resolve));
  door = await openDoor(at);
});

/** What a new connection is answered. */
const ask = (path: string): Promise<string> =>
  new Promise((resolve, reject) => {
    get({ ...at, path, agent: false }, (answer) => void text(answer).then(resolve, reject)).on(
      'error',
      reject,
    );
  });

test('until it serves it says that it lives, and then every connection is answered, until it is closed', async () => {
  expect([await ask('/healthz'), await ask('/x')]).toEqual(['ok\n', 'starting\n']);
  door.serve((request, response) => response.end(request.url));
  const paths = Array.from({ length: 300 }, (_, number) => `/${number}`);
  expect(await Promise.all(paths.map(ask))).toEqual(paths);
  await door.close();
  await expect(ask('/x')).rejects.toThrow('ECONNREFUSED');
});

test('whoever comes second to a port is told that it is taken', async () => {
  await expect(openDoor(at)).rejects.toThrow('EADDRINUSE');
  expect(await ask('/healthz')).toBe('ok\n');
  await door.close();
  await (await openDoor(at)).close();
});
