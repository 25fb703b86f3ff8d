import type { IncomingMessage } from 'node:http';
import type { Principal } from '../principal.ts';
import { Callers } from './callers.ts';

const request = (remoteAddress: string, headers: IncomingMessage['headers'] = {}) =>
  ({ headers, socket: { remoteAddress } }) as IncomingMessage;

const grace = { identity: { mspId: 'HospitalMSP', pseudonym: 'g' } } as Principal;

test('all tokens of one identity are one caller, wherever they are used', async () => {
  const callers = new Callers();
  const authenticate = callers.learning(() => Promise.resolve(grace));
  for (const token of ['Bearer 1', 'Bearer 2']) expect(await authenticate(token)).toBe(grace);
  const [first, second] = ['Bearer 1', 'Bearer 2'].map((authorization) =>
    callers.of(request('10.0.0.1', { authorization })),
  );
  expect(first).toBe(second);
  expect(first).not.toBe(callers.of(request('10.0.0.1')));
});

test('tokens that somebody made up, and those that are good no more, are the caller’s address', async () => {
  const callers = new Callers();
  const made = (authorization: string) => callers.of(request('10.0.0.1', { authorization }));
  expect(made('Bearer made up')).toBe(made('Bearer made up too'));
  await callers.learning(() => Promise.resolve(grace))('Bearer 1');
  expect(made('Bearer 1')).not.toBe(made('Bearer made up'));
  const refusing = callers.learning(() => Promise.reject(new Error('401')));
  await expect(refusing('Bearer 1')).rejects.toThrow('401');
  expect(made('Bearer 1')).toBe(made('Bearer made up'));
});

test.each([
  [0, 'address 10.0.0.1'],
  [1, 'address 192.0.2.7'],
  [2, 'address 198.51.100.9'],
  [3, 'address 203.0.113.5'],
])('behind %i proxies of ours, the address is what the first of them saw', (proxies, expected) => {
  const headers = { 'x-forwarded-for': '203.0.113.5, 198.51.100.9, 192.0.2.7' };
  expect(new Callers(proxies).of(request('10.0.0.1', headers))).toBe(expected);
});

test('a caller whom no proxy names is the address that it comes from', () => {
  expect(new Callers(1).of(request('10.0.0.1'))).toBe('address 10.0.0.1');
});
