import { heartRate } from '../clients/clinical.ts';
import { send } from '../clients/answer.ts';
import { systemSession } from '../clients/backend.ts';
import type { Session } from '../clients/session.ts';
import { FHIR_BASE } from '../clients/target.ts';
import { refuses, type BadBody } from './bad-body.ts';

const good = heartRate('someone', 70);
const withMember = (members: string): string => `${JSON.stringify(good).slice(0, -1)},${members}}`;
const changed = (change: object): string => JSON.stringify({ ...good, ...change });
const many = (text: string, times: number): string => text.repeat(times);
const long = many('x', 5_000_000);

/** Texts that are no JSON, no resource, or too much of one. */
const CASES: BadBody[] = [
  { what: 'nothing', body: '', status: [400], where: /body|empty|JSON/i },
  { what: 'a word', body: 'hello', status: [400], where: /JSON|line|position|character/i },
  {
    what: 'JSON cut short',
    body: JSON.stringify(good).slice(0, 100),
    status: [400],
    where: /JSON|line|position|character|end/i,
  },
  {
    what: 'XML',
    body: '<Observation xmlns="http://hl7.org/fhir"/>',
    status: [400],
    where: /JSON|line|position|character/i,
  },
  {
    what: 'bytes that are no UTF-8',
    body: new Uint8Array([123, 34, 195, 40, 34, 58, 49, 125]),
    status: [400],
    where: /UTF-8/i,
  },
  { what: 'a lone null byte', body: '\u0000', status: [400], where: /JSON|line|position|character/i },
  { what: 'a number', body: '5', status: [400], where: /object|resource/i },
  { what: 'null', body: 'null', status: [400], where: /object|resource/i },
  { what: 'a list', body: '[]', status: [400], where: /object|resource/i },
  { what: 'an empty object', body: '{}', status: [400], where: /resourceType/ },
  { what: 'an object that is no resource', body: '{"hello":"world"}', status: [400], where: /resourceType/ },
  {
    what: 'a type that FHIR does not have',
    body: '{"resourceType":"Spaceship"}',
    status: [400],
    where: /resourceType|Spaceship/,
  },
  {
    what: 'a type of another server’s making',
    body: '{"resourceType":"Project","name":"x"}',
    status: [400],
    where: /resourceType|Project/,
  },
  {
    what: 'the wrong type for the URL',
    body: '{"resourceType":"Patient"}',
    status: [400, 422],
    where: /resourceType|Patient/,
  },
  { what: 'a type that is a number', body: '{"resourceType":5}', status: [400], where: /resourceType/ },
  { what: 'a member twice', body: withMember('"status":"final"'), status: [400], where: /status/ },
  {
    what: 'a member twice, deep inside',
    body: withMember('"method":{"text":"a","text":"b"}'),
    status: [400],
    where: /text/,
  },
  {
    what: 'a member called __proto__',
    body: withMember('"__proto__":{"admin":true}'),
    status: [400, 422],
    where: /__proto__/,
  },
  {
    what: 'a member called constructor',
    body: withMember('"constructor":{"prototype":1}'),
    status: [400, 422],
    where: /constructor/,
  },
  {
    what: '10,000 lists deep',
    body: withMember(`"extension":${many('[', 10_000)}${many(']', 10_000)}`),
    status: [400, 422],
    where: /deep|nest/i,
  },
  {
    what: '10,000 objects deep',
    body: withMember(`"extension":${many('{"extension":', 10_000)}1${many('}', 10_000)}`),
    status: [400, 422],
    where: /deep|nest/i,
  },
  {
    what: '10,000 contained resources deep',
    body: withMember(
      `"contained":${many('[{"resourceType":"Basic","contained":', 10_000)}[]${many('}]', 10_000)}`,
    ),
    status: [400, 422],
    where: /deep|nest/i,
  },
  {
    what: 'a string of 5 MB',
    body: changed({ valueQuantity: undefined, valueString: long }),
    status: [400, 413, 422],
    where: /Observation\.value|large|long|big/i,
  },
  { what: 'a name of 5 MB', body: withMember(`"${long}":1`), status: [400, 413, 422], where: /./ },
  {
    what: 'a number of 5 million digits',
    body: withMember(`"valueInteger":${many('9', 5_000_000)}`),
    status: [400, 413, 422],
    where: /./,
  },
  {
    what: 'a hundred thousand codings without a system of letters',
    body: changed({ category: [{ coding: Array.from({ length: 100_000 }, () => ({ code: ' ' })) }] }),
    status: [400, 413, 422],
    where: /./,
  },
];

let hospital: Session;

beforeAll(async () => {
  hospital = await systemSession('hospital-system');
});

test.each(CASES)('$what: the client is told that, and where', async (given) => {
  await refuses(hospital, given);
});

test('and all the while it serves', async () => {
  expect((await send(`${FHIR_BASE}/metadata`)).status).toBe(200);
});
