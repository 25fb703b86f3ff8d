import { afterAll, beforeAll } from '@jest/globals';
import { startTestGateway, type TestGateway } from '../../cli/test-gateway.ts';
import type { JsonObject } from '../resource.ts';

let gateway: TestGateway;
let token: string;

async function ask(path: string, headers: Record<string, string> = {}, init: RequestInit = {}) {
  const url = path.startsWith('http') ? path : `${gateway.fhirBase}/${path}`;
  const response = await fetch(url, {
    ...init,
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/fhir+json', ...headers },
  });
  return { status: response.status, body: (await response.json()) as JsonObject };
}
const linkOf = (body: JsonObject, relation: string): string | undefined => {
  const found = (body['link'] as JsonObject[]).find((link) => link['relation'] === relation);
  return found && String(found['url']);
};

beforeAll(async () => {
  gateway = await startTestGateway();
  token = await gateway.enter({ role: 'system' });
  for (const name of ['a', 'b', 'c']) {
    const body = JSON.stringify({ resourceType: 'Organization', name });
    expect((await ask('Organization', {}, { method: 'POST', body })).status).toBe(201);
  }
});
afterAll(() => gateway.close());

const lenient = { Prefer: 'handling=lenient' };

test('_type in a search of one type is refused, and left out under lenient handling', async () => {
  const { status, body } = await ask('Organization?_type=Patient');
  expect([status, (body['issue'] as JsonObject[])[0]?.['expression']]).toEqual([400, ['_type']]);
  const left = await ask('Organization?_type=Patient&_count=50', lenient);
  expect(left.status).toBe(200);
  expect(linkOf(left.body, 'self')).toBe(`${gateway.fhirBase}/Organization?_count=50`);
});

test('pages follow one another under lenient handling too', async () => {
  let next: string | undefined = 'Organization?colour=red&_type=Patient&_count=1';
  let pages = 0;
  while (next !== undefined) {
    const { status, body } = await ask(next, lenient);
    expect([status, (body['entry'] as unknown[]).length]).toEqual([200, 1]);
    next = linkOf(body, 'next');
    pages++;
  }
  expect(pages).toBeGreaterThanOrEqual(3);
});

test('a search that would keep everybody waiting is a 400 that names its parameter', async () => {
  const name = `${'partof.'.repeat(6)}name`;
  const { status, body } = await ask(`Organization?${name}=x`);
  expect([status, body['issue']]).toEqual([
    400,
    [expect.objectContaining({ code: 'too-costly', expression: [`http.${name}`] })],
  ]);
});
