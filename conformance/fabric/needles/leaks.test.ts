import { deflateSync, gzipSync } from 'node:zlib';
import { disguisesOf } from './disguises.ts';
import { leaksIn } from './leaks.ts';
import { tellingTexts } from './telling.ts';

const NAME = 'Søren Kierkegaard';
const needles = disguisesOf(NAME);
const leaks = (bytes: Buffer | string) => leaksIn([{ name: 'log', bytes: Buffer.from(bytes) }], needles);
const between = (text: string) => `{"level":30,"msg":"${text}","pid":7}`;

test.each([
  ['as it is', between(NAME)],
  ['in small letters', between(NAME.toLowerCase())],
  ['in UTF-16', Buffer.from(`x${between(NAME)}`, 'utf16le')],
  ['in hexadecimal', Buffer.from(between(NAME)).toString('hex')],
  ['in a URL', between(encodeURIComponent(`family=${NAME}`))],
  ['in ASCII JSON', between('S\\u00f8ren Kierkegaard')],
  ['in zlib', Buffer.concat([Buffer.from('before'), deflateSync(between(NAME)), Buffer.from('after')])],
  ['in gzip', Buffer.concat([Buffer.from('before'), gzipSync(between(NAME))])],
])('a name is found %s', (_how, bytes) => {
  expect(leaks(bytes)).not.toEqual([]);
});

test.each([0, 1, 2])('a name is found in base64, %i bytes into a group', (before) => {
  for (const encoding of ['base64', 'base64url'] as const)
    expect(leaks(Buffer.from('x'.repeat(before) + between(NAME)).toString(encoding))).not.toEqual([]);
});

test('what is not there is not found', () => {
  expect(leaks(between('Søren Kierkegaarden is no name; nor is Soren Kierkegaard'))).toEqual([
    'log: Søren Kierkegaard (as it is)',
  ]);
  expect(leaks(between('Søren Kierkegaar'))).toEqual([]);
});

test('names, numbers, displays and old dates tell; codes and the present do not', () => {
  const since = new Date('2026-03-01T00:00:00Z');
  const resource = {
    resourceType: 'Patient',
    meta: { lastUpdated: '2026-03-01T10:00:00Z', versionId: '123456789' },
    active: true,
    status: 'final',
    name: [{ family: 'Quill', given: ['Bo'] }],
    birthDate: '1947-11-29',
    code: { text: 'Acute sinusitis' },
    dateTime: '2026-03-01T10:00:00Z',
  };
  expect([...tellingTexts(resource, since)]).toEqual(['Quill', '1947-11-29', 'Acute sinusitis']);
});
