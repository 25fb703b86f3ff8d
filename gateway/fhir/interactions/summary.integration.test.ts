import { afterAll, beforeAll } from '@jest/globals';
import { startTestGateway, type TestGateway } from '../../cli/test-gateway.ts';
import type { JsonObject } from '../resource.ts';

let gateway: TestGateway;
let token: string;
let other: string;

async function ask(path: string, as = token, init: RequestInit = {}) {
  const url = path.startsWith('http') ? path : `${gateway.fhirBase}/${path}`;
  const response = await fetch(url, {
    ...init,
    headers: { Authorization: `Bearer ${as}`, 'Content-Type': 'application/fhir+json' },
  });
  const text = await response.text();
  return { status: response.status, text, body: JSON.parse(text) as JsonObject };
}
const resources = (body: JsonObject) =>
  ((body['entry'] ?? []) as JsonObject[]).map((entry) => entry['resource'] as JsonObject);
const nextOf = (body: JsonObject) =>
  String((body['link'] as JsonObject[]).find(({ relation }) => relation === 'next')?.['url'] ?? '');
const create = (body: object) =>
  ask(String((body as JsonObject)['resourceType']), token, { method: 'POST', body: JSON.stringify(body) });

const location = (name: string, latitude: number) => ({
  resourceType: 'Location',
  name,
  text: { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml">${name} by the sea</div>` },
  description: 'somewhere',
  position: { latitude, longitude: 13.5 },
  telecom: [{ system: 'phone', value: '1' }],
});

beforeAll(async () => {
  gateway = await startTestGateway();
  token = await gateway.enter({ role: 'system' });
  other = await gateway.enter({ role: 'hr' });
  for (const [at, name] of ['Alpha', 'Beta', 'Gamma', 'Delta'].entries())
    expect((await create(location(name, 50 + at))).status).toBe(201);
});
afterAll(() => gateway.close());

test.each<[string, string[]]>([
  ['_summary=true', ['resourceType', 'id', 'meta', 'name', 'description']],
  ['_summary=text', ['resourceType', 'id', 'meta', 'text']],
  ['_summary=data', ['resourceType', 'id', 'meta', 'name', 'description', 'telecom', 'position']],
  ['_elements=position', ['resourceType', 'id', 'meta', 'position']],
])('%s answers these elements, and says that there are more', async (form, names) => {
  const { status, body } = await ask(`Location?name=Beta&${form}`);
  const [found = {}] = resources(body);
  expect([status, Object.keys(found).sort()]).toEqual([200, [...names].sort()]);
  expect(found['meta']).toMatchObject({ tag: [{ code: 'SUBSETTED' }] });
  const read = await ask(`Location/${String(found['id'])}?${form}`);
  expect(read.body).toEqual(found);
});

test('_summary=false is the whole resource, _summary=count the number alone', async () => {
  const [whole = {}] = resources((await ask('Location?name=Beta&_summary=false')).body);
  expect(whole).toMatchObject(location('Beta', 51));
  const { body } = await ask('Location?_text=sea&_summary=count');
  expect([body['total'], body['entry']]).toEqual([4, undefined]);
});

test.each([
  ['_summary=most', '_summary'],
  ['_summary=true&_elements=name', '_elements'],
  ['_elements=name.given', '_elements'],
  ['_summary=text&_include=Location:organization', '_include'],
  ['_filter=name eq x', 'http._filter'],
  ['_contained=true', 'http._contained'],
  ['_query=x', 'http._query'],
])('%s is a 400 that names it', async (form, expression) => {
  const { status, body } = await ask(`Location?${form}`);
  expect([status, (body['issue'] as JsonObject[])[0]?.['expression']]).toEqual([400, [expression]]);
});

test('words, places and lists are searched, and their parameters are in the CapabilityStatement', async () => {
  const names = async (query: string) => resources((await ask(query)).body).map(({ name }) => name);
  expect(await names('Location?_text="alpha by the sea"')).toEqual(['Alpha']);
  expect(await names('Location?_content=gamma somewhere')).toEqual(['Gamma']);
  expect(await names('Location?near=51|13.5|10|km')).toEqual(['Beta']);
  expect(await names('Location?_contained=false&name=Beta')).toEqual(['Beta']);
  const [beta = {}] = resources((await ask('Location?name=Beta')).body);
  const list = await create({
    resourceType: 'List',
    status: 'current',
    mode: 'working',
    entry: [{ item: { reference: `Location/${String(beta['id'])}` } }],
  });
  // Without an owner a List is in nobody's record.
  expect(list.status).toBe(422);
  expect(await names('Location?_list=none')).toEqual([]);
  const { body } = await ask('metadata');
  const [rest] = body['rest'] as { resource: { type: string; searchParam: { name: string }[] }[] }[];
  const offered = rest?.resource.find(({ type }) => type === 'Location')?.searchParam.map(({ name }) => name);
  expect(offered).toEqual(expect.arrayContaining(['_text', '_content', 'near']));
});

test('pages stay as they were while others write, and belong to who asked', async () => {
  const first = await ask('Location?_sort=-name&_count=2');
  expect(resources(first.body).map(({ name }) => name)).toEqual(['Gamma', 'Delta']);
  expect((await create(location('Coast', 60))).status).toBe(201);
  const next = nextOf(first.body);
  const stolen = await ask(next, other);
  expect([stolen.status, (stolen.body['issue'] as JsonObject[])[0]?.['expression']]).toEqual([
    400,
    ['_page'],
  ]);
  expect((await ask(next.replace('_count=2', '_count=3'))).status).toBe(400);
  const second = await ask(next);
  expect(resources(second.body).map(({ name }) => name)).toEqual(['Beta', 'Alpha']);
  expect(nextOf(second.body)).toBe('');
});
