import { afterAll, beforeAll } from '@jest/globals';
import type { Resource } from '../../fhir/resource.ts';
import { openForReading } from '../sqlite.ts';
import { TestStore, visibilityOf } from '../testing/store.ts';
import { StatementTooLarge } from '../too-large.ts';
import { Budget, MOST_BRANCHES, MOST_TERMS, MOST_VISITS } from './budget.ts';
import { openContext } from './context.ts';
import { MOST_INCLUDED, MOST_INCLUSIONS } from './include.ts';
import { revIncludesOf } from './inclusion-names.ts';
import { parameterCondition } from './parameter.ts';
import { searchIn } from './search.ts';

const OBSERVATIONS = 1010;

let store: TestStore;

beforeAll(async () => {
  store = await TestStore.open();
  await store.grant('p1', 'Organization/hospital');
  const subject = { reference: 'Patient/p1' };
  const observations: Resource[] = Array.from({ length: OBSERVATIONS }, (_, at) => ({
    resourceType: 'Observation',
    id: `o${at}`,
    status: 'final',
    code: { coding: [{ system: 'urn:c', code: '1' }] },
    subject,
    ...(at > 0 && at < 4 && { basedOn: [{ reference: 'ServiceRequest/s1' }] }),
    valueQuantity: { value: at },
  }));
  await store.put([
    { resourceType: 'Patient', id: 'p1', name: [{ family: 'F' }] },
    { resourceType: 'ServiceRequest', id: 's2', status: 'active', intent: 'order', subject },
    {
      resourceType: 'ServiceRequest',
      id: 's1',
      status: 'draft',
      intent: 'order',
      subject,
      basedOn: [{ reference: 'ServiceRequest/s2' }],
    },
    {
      resourceType: 'List',
      id: 'l1',
      status: 'current',
      mode: 'working',
      subject,
      entry: [{ item: { reference: 'Observation/o0' } }, { item: { reference: 'ServiceRequest/s1' } }],
    },
    ...observations,
  ]);
});
afterAll(() => store.close());

const repeated = (count: number, piece: (at: number) => string, between = ','): string =>
  Array.from({ length: count }, (_, at) => piece(at)).join(between);

const linksOf = (links: number): string => `Observation?${'based-on.'.repeat(links)}status=active`;

/** What a condition costs before it runs. */
async function budgetOf(query: string): Promise<Budget> {
  const connection = openForReading(store.file);
  const context = await openContext(connection, visibilityOf('system'), undefined);
  const [type = '', name = '', value = ''] = query.split(/[?=]/);
  await parameterCondition(context, [type], name, value);
  await connection.close();
  return context.budget;
}

/** How many values the largest statement of a search binds. */
async function mostVariables(query: string): Promise<number> {
  const texts: string[] = [];
  const connection = openForReading(store.file, (text) => texts.push(text));
  const [type = '', parameters = ''] = query.split('?');
  await searchIn(
    connection,
    {
      types: [type],
      parameters: [...new URLSearchParams(parameters)],
      visibility: visibilityOf('system'),
      lenient: false,
      sort: [],
      count: 20,
      total: 'accurate',
      include: [],
      includeIterate: [],
      revinclude: [],
      revincludeIterate: [],
    },
    undefined,
  );
  await connection.close();
  return Math.max(...texts.map((text) => text.split('?').length - 1));
}

test.each<[query: string, ids: string[]]>([
  [linksOf(1), []],
  [linksOf(2), ['o1', 'o2', 'o3']],
  ['Observation?based-on.status=draft', ['o1', 'o2', 'o3']],
  ['List?item.subject._id=p1', ['l1']],
  ['List?item.subject._id=x', []],
  ['List?item.subject.name=f', ['l1']],
  ['List?item._lastUpdated=gt2020', ['l1']],
  ['List?item.date=gt2020', []],
  ['Patient?_has:Observation:subject:based-on.based-on.status=active', ['p1']],
])('%s finds %j through every type that a link may lead to', async (query, ids) => {
  expect((await store.ids(query)).sort()).toEqual(ids);
});

test('types in which what follows is alike are one branch: links add up, and do not multiply', async () => {
  const branches = async (query: string) => (await budgetOf(query)).branches;
  expect(await branches(linksOf(1))).toBe(1);
  expect(await branches(linksOf(5))).toBe(5);
  expect(await branches('Provenance?target._lastUpdated=2020')).toBe(1);
  expect(await branches('List?item.subject._id=x')).toBe(2);
});

test('what links cost in variables does not grow with the types that they may lead to', async () => {
  const plain = await mostVariables('List?status=current');
  expect((await mostVariables('List?item.subject._id=x')) - plain).toBeLessThan(500);
  expect((await mostVariables('Provenance?target._lastUpdated=2020')) - plain).toBeLessThan(500);
});

test.each<[what: string, query: string, expression: string]>([
  ['six links', linksOf(6), `http.${'based-on.'.repeat(6)}status`],
  [
    '_has in _has',
    `Patient?${'_has:Observation:subject:subject:Patient.'.repeat(3)}name=f`,
    `http.${'_has:Observation:subject:subject:Patient.'.repeat(3)}name`,
  ],
  [
    'many chains',
    `Observation?${repeated(MOST_BRANCHES + 1, () => 'subject:Patient.name=f', '&')}`,
    'http.subject:Patient.name',
  ],
  ['many values', `Observation?code=${repeated(MOST_TERMS + 1, String)}`, 'http.code'],
  [
    'many pairs',
    `Observation?code-value-quantity=${repeated(2000, (at) => `8302-2$gt${at}`)}`,
    'http.code-value-quantity',
  ],
  [
    'many dates',
    `Observation?${repeated(40, () => `date=${repeated(100, () => '2020')}`, '&')}`,
    'http.date',
  ],
  [
    'many values of every parameter together',
    `Observation?code=${repeated(300, String)}&status=${repeated(300, String)}`,
    'http.status',
  ],
  [
    'many values beyond a link',
    `Patient?_has:Observation:subject:code=${repeated(600, String)}`,
    'http._has:Observation:subject:code',
  ],
  [
    'many URIs above one',
    `QuestionnaireResponse?questionnaire=a&_source:above=http://a${'/b'.repeat(3000)}`,
    'http._source:above',
  ],
  [
    'links that multiply',
    'Observation?subject:Patient._has:Observation:subject:status:missing=true',
    'http.subject:Patient._has:Observation:subject:status:missing',
  ],
])('%s are refused as too costly, lenient or not', async (_what, query, expression) => {
  for (const lenient of [false, true]) {
    await expect(store.search(query, { lenient })).rejects.toMatchObject({
      status: 400,
      issues: [{ code: 'too-costly', expression: [expression] }],
    });
  }
});

test.each([
  `Observation?code=${repeated(MOST_TERMS, (at) => `c${at}`)}`,
  `Observation?code:not=${repeated(MOST_TERMS - 1, String)}&status=draft`,
  `Observation?code:text=${repeated(MOST_TERMS, String)}`,
  `Observation?code-value-quantity=${repeated(MOST_TERMS / 2, (at) => `8302-2$gt${at}`)}`,
  `Observation?value-quantity=${repeated(MOST_TERMS / 2, (at) => `${5000 + at}||mg`)}`,
  `Observation?date=${repeated(MOST_TERMS / 2, () => 'ap2020-01')}`,
  `Observation?subject:Patient.name:contains=${repeated(MOST_TERMS, (at) => `a${at}`)}`,
  `Provenance?target._lastUpdated=${repeated(100, () => '2020')}`,
  `Patient?_has:Provenance:target:agent.name=${repeated(300, (at) => `a${at}`)}`,
])('what the budget lets through, the engine takes (%.60s)', async (query) => {
  expect((await store.search(query, { count: 1 })).total).toBe(0);
});

test('visits beyond links are counted by what each compares, on account of their parameter', () => {
  const budget = new Budget();
  budget.charge('subject.name');
  const light = budget.account(0);
  const heavy = budget.account(100);
  budget.visit(light);
  budget.visit(heavy);
  expect(budget.visits).toBe(12);
  expect(() => {
    for (let at = 0; at < MOST_VISITS; at++) budget.visit(light);
  }).toThrow(
    expect.objectContaining({ issues: [expect.objectContaining({ expression: ['http.subject.name'] })] }),
  );
});

test('a statement that the engine refuses for its size is told from one that is wrong', async () => {
  const connection = openForReading(store.file);
  const tooMany = `select ${repeated(40_000, () => '?')}`;
  const tooDeep = `select 1 where ${repeated(3000, () => '1 = 1', ' or ')}`;
  expect(() => connection.all(tooMany)).toThrow(StatementTooLarge);
  expect(() => connection.all(tooDeep)).toThrow(StatementTooLarge);
  expect(() => connection.all('select nothing_such')).toThrow(/no such column/);
  await connection.close();
});

test('statements are kept by their text, but only so many, and none that is very long', async () => {
  const texts: string[] = [];
  const connection = openForReading(store.file, (text) => texts.push(text));
  const prepared = (text: string) => {
    const before = texts.length;
    void connection.all(text);
    return texts.length - before;
  };
  expect([prepared('select 1'), prepared('select 1')]).toEqual([1, 0]);
  for (let at = 2; at < 600; at++) prepared(`select ${at}`);
  expect(prepared('select 1')).toBe(1);
  const long = `select '${'x'.repeat(60_000)}'`;
  expect([prepared(long), prepared(long)]).toEqual([1, 1]);
  await connection.close();
});

test('inclusions that bring more than a page carries say so', async () => {
  const back = await store.search('Patient', { revinclude: ['Observation:subject'] });
  expect(back.included).toHaveLength(MOST_INCLUDED);
  expect(back.truncated).toEqual(['_revinclude']);
  const few = await store.search('Observation?_id=o1', { include: ['Observation:subject'] });
  expect([few.included.length, few.truncated]).toEqual([1, undefined]);
  const round = await store.search('Observation?_id=o1', {
    includeIterate: ['*'],
    revincludeIterate: ['Observation:subject'],
  });
  expect(round.truncated).toEqual(['_revinclude:iterate']);
  expect(new Set(round.included.map(({ rid }) => rid)).size).toBe(MOST_INCLUDED);
});

test('more inclusions than any type has use for are refused', async () => {
  const include = Array.from({ length: MOST_INCLUSIONS + 1 }, () => 'Observation:subject');
  await expect(store.search('Observation', { include })).rejects.toMatchObject({
    status: 400,
    issues: [{ code: 'too-costly', expression: ['http._include'] }],
  });
});

test('what _revinclude can bring to a type is known, and each is a value that it takes', async () => {
  const values = revIncludesOf('ServiceRequest');
  expect(values).toContain('Observation:based-on');
  expect(values).toContain('Provenance:target');
  expect(values).not.toContain('Observation:subject');
  expect(values.filter((value) => value.startsWith('AuditEvent:'))).toEqual([]);
  expect(revIncludesOf('Nothing')).toEqual([]);
  for (let at = 0; at < values.length; at += MOST_INCLUSIONS) {
    const result = await store.search('ServiceRequest?_id=s1', {
      revinclude: values.slice(at, at + MOST_INCLUSIONS),
    });
    expect(result.ignored).toEqual([]);
  }
});
