import { afterAll, beforeAll } from '@jest/globals';
import { openForReading } from '../sqlite.ts';
import { costsSuite } from '../testing/costs-suite.ts';
import { linksOf, putLinked, repeated } from '../testing/linked-record.ts';
import { TestStore, visibilityOf } from '../testing/store.ts';
import { StatementTooLarge } from '../too-large.ts';
import { Budget, MOST_VISITS } from './budget.ts';
import { openContext } from './context.ts';
import { parameterCondition } from './parameter.ts';
import { searchIn } from './search.ts';

costsSuite(() => TestStore.open());

let store: TestStore;
beforeAll(async () => {
  store = await TestStore.open();
  await putLinked(store);
});
afterAll(() => store.close());

/** What a condition costs before it runs. */
async function budgetOf(query: string): Promise<Budget> {
  const connection = openForReading(store.url);
  const context = await openContext(connection, visibilityOf('system'), undefined);
  const [type = '', name = '', value = ''] = query.split(/[?=]/);
  await parameterCondition(context, [type], name, value);
  await connection.close();
  return context.budget;
}

/** How many values the largest statement of a search binds. */
async function mostVariables(query: string): Promise<number> {
  const texts: string[] = [];
  const connection = openForReading(store.url, (text) => texts.push(text));
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

test('visits beyond links are counted by what each compares, on account of their parameter', () => {
  const budget = new Budget();
  budget.charge('subject.name');
  const { account: light } = budget.account(0);
  const { account: heavy } = budget.account(100);
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
  const connection = openForReading(store.url);
  const tooMany = `select ${repeated(40_000, () => '?')}`;
  const tooDeep = `select 1 where ${repeated(3000, () => '1 = 1', ' or ')}`;
  expect(() => connection.all(tooMany)).toThrow(StatementTooLarge);
  expect(() => connection.all(tooDeep)).toThrow(StatementTooLarge);
  expect(() => connection.all('select nothing_such')).toThrow(/no such column/);
  await connection.close();
});

test('statements are kept by their text, but only so many, and none that is very long', async () => {
  const texts: string[] = [];
  const connection = openForReading(store.url, (text) => texts.push(text));
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
