import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { request } from 'node:http';
import { brotliCompressSync, brotliDecompressSync, deflateSync, gunzipSync, gzipSync } from 'node:zlib';
import { startTestGateway, type TestGateway } from '../../cli/test-gateway.ts';
import { heartRate } from '../../testing/resources.ts';

let gateway: TestGateway;
let system: string;
let patient: string;

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/** Asks without undoing what the answer is encoded by. */
const ask = (method: string, path: string, headers: Record<string, string> = {}, body?: Buffer | string) =>
  new Promise<Answer>((resolve, reject) => {
    const sent = request(
      `${gateway.fhirBase}/${path}`,
      { method, headers: { Authorization: `Bearer ${system}`, ...headers } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks),
          }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });

const JSON_BODY = { 'Content-Type': 'application/fhir+json' };
const text = () =>
  JSON.stringify(heartRate(patient, { note: [{ text: 'a note of some length. '.repeat(100) }] }));

beforeAll(async () => {
  gateway = await startTestGateway();
  system = await gateway.enter({ role: 'system', scopes: 'system/*.cruds' });
  const { body } = await ask('POST', 'Patient', JSON_BODY, '{"resourceType":"Patient"}');
  patient = (JSON.parse(body.toString()) as { id: string }).id;
});
afterAll(() => gateway.close());

test.each([
  ['gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
])('a body in %s is taken', async (encoding, encode) => {
  const headers = { ...JSON_BODY, 'Content-Encoding': encoding };
  const { status, body } = await ask('POST', 'Observation', headers, encode(text()));
  expect([status, body.toString().includes('a note of some length')]).toEqual([201, true]);
});

test.each([
  ['not what its header says', 400, 'gzip', () => Buffer.from(text())],
  ['cut off', 400, 'br', () => brotliCompressSync(text()).subarray(0, 100)],
  ['of a bomb', 413, 'gzip', () => gzipSync(Buffer.alloc(50_000_000))],
  ['encoded twice', 415, 'gzip, gzip', () => gzipSync(gzipSync(text()))],
  ['of an unknown encoding', 415, 'zstd', () => Buffer.from(text())],
  ['of no encoding at all', 415, 'constructor', () => Buffer.from(text())],
])('a body %s is refused with %i', async (_, expected, encoding, body) => {
  const headers = { ...JSON_BODY, 'Content-Encoding': encoding };
  const answer = await ask('POST', 'Observation', headers, body());
  expect([answer.status, answer.body.toString()]).toEqual([
    expected,
    expect.stringContaining('OperationOutcome'),
  ]);
});

test.each([
  ['br', brotliDecompressSync],
  ['gzip', gunzipSync],
])('an answer comes in %s when that is asked for, the same', async (encoding, decode) => {
  await ask('POST', 'Observation', JSON_BODY, text());
  const path = `Observation?patient=${patient}&_sort=-_lastUpdated&_count=1`;
  const plain = await ask('GET', path);
  const encoded = await ask('GET', path, { 'Accept-Encoding': encoding });
  expect([plain.headers['content-encoding'], encoded.headers['content-encoding']]).toEqual([
    undefined,
    encoding,
  ]);
  const entries = (bytes: Buffer) => (JSON.parse(bytes.toString()) as { entry: object[] }).entry;
  expect(entries(decode(encoded.body))).toEqual(entries(plain.body));
  expect(encoded.body.length).toBeLessThan(plain.body.length / 2);
});

test('short answers, and those nobody wants compressed, are not', async () => {
  const short = await ask('GET', `Patient/${patient}`, { 'Accept-Encoding': 'gzip, br' });
  const unwanted = await ask('GET', 'metadata', { 'Accept-Encoding': 'identity' });
  expect([short.headers['content-encoding'], unwanted.headers['content-encoding']]).toEqual([
    undefined,
    undefined,
  ]);
});

test('HEAD says what GET would, without the body', async () => {
  const path = `Patient/${patient}`;
  const [get, head] = [await ask('GET', path), await ask('HEAD', path)];
  expect([head.status, head.body.length]).toEqual([200, 0]);
  for (const name of ['content-type', 'content-length', 'etag', 'last-modified'])
    expect([name, head.headers[name]]).toEqual([name, get.headers[name]]);
  expect((await ask('HEAD', 'Patient/none')).status).toBe(404);
  expect((await ask('HEAD', `Observation?patient=${patient}`)).status).toBe(200);
});

test('_pretty is for people: in lines, numbers as they were written, errors too', async () => {
  const body = text().replace(/}$/, ',"valueQuantity":{"value":1.10}}');
  const { body: made } = await ask('POST', 'Observation?_pretty=true', JSON_BODY, body);
  expect(made.toString()).toMatch(/^\{\n {2}"resourceType": "Observation",\n/);
  expect(made.toString()).toContain('"value": 1.10');
  expect((await ask('GET', 'Patient/none?_pretty=true')).body.toString()).toMatch(/^\{\n {2}"resourceType"/);
  expect((await ask('GET', 'metadata?_pretty=true')).body.toString()).toMatch(/^\{\n {2}"resourceType"/);
  expect((await ask('GET', 'metadata?_pretty=false')).body.toString()).not.toContain('\n');
});
