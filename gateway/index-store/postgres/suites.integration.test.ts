import { afterAll, beforeAll, describe } from '@jest/globals';
import { visibilitySuite } from '../../consent/testing/visibility-suite.ts';
import { startPostgres, type RunningPostgres } from '../../testing/postgres.ts';
import { codeSetSuite } from '../testing/code-set-suite.ts';
import { costsSuite } from '../testing/costs-suite.ts';
import { fulltextSuite } from '../testing/fulltext-suite.ts';
import { measuresSuite } from '../testing/measures-suite.ts';
import { readerSuite } from '../testing/reader-suite.ts';
import { scopesSuite } from '../testing/scopes-suite.ts';
import { searchSuite } from '../testing/search-suite.ts';
import { TestStore, type OpenStore } from '../testing/store.ts';
import { StatementTooLarge } from '../too-large.ts';
import { openForReading } from './reading.ts';

let server: RunningPostgres;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

const open: OpenStore = async () => TestStore.open(await server.database());

describe('what is stored and read', () => readerSuite(open));
describe('search', () => searchSuite(open));
describe('words', () => fulltextSuite(open));
describe('measures and places', () => measuresSuite(open));
describe('sets of codes', () => codeSetSuite(open));
describe('scopes', () => scopesSuite(open));
describe('what a search may cost', () => costsSuite(open));
test('a statement that the server refuses for its size or its time is told from one that is wrong', async () => {
  const store = await open();
  const connection = openForReading(store.url);
  const tooMany = `select ${Array(70_000).fill('?').join(', ')}`;
  const tooDeep = `select 1 ${'+ 1 '.repeat(100_000)}`;
  await expect(connection.all(tooMany, Array<number>(70_000).fill(1))).rejects.toThrow(StatementTooLarge);
  await expect(connection.all(tooDeep)).rejects.toThrow(StatementTooLarge);
  const tooLong = connection.snapshot(async (view) => {
    await view.all("select set_config('statement_timeout', '50', true)");
    await view.all('select pg_sleep(100)');
  });
  await expect(tooLong).rejects.toThrow(StatementTooLarge);
  await expect(connection.all('select nothing_such')).rejects.toThrow(/nothing_such/);
  await connection.close();
  await store.close();
});

test('what a reader is asked can change nothing', async () => {
  const store = await open();
  const connection = openForReading(store.url);
  await expect(connection.all("delete from meta where key = 'position'")).rejects.toMatchObject({
    cause: { code: '25006' },
  });
  expect(await store.reader.position()).toBe(-1);
  await connection.close();
  await store.close();
});

describe('the gate', () => visibilitySuite(open, 30));
