import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll } from '@jest/globals';
import type { Role } from '@fhir-fabric-gateway/chaincode/api';
import type { SearchRequest } from '../port.ts';
import { openForReading } from '../sqlite.ts';
import { byDate, common, putRecord } from '../testing/common-searches.ts';
import { TestStore, visibilityOf } from '../testing/store.ts';
import { searchIn } from './search.ts';

/** Tables that grow with the number of resources; a plan that scans one takes as long as there are resources. */
const GROWING =
  /^SCAN (r|m|d|v|w|k|f|f1|f2|s1|s2|h|p|x\d+|resource|token|string|date|quantity|reference|composite|name|n|c|content|version|consent_rule|g)\b/;

let store: TestStore;
let database: DatabaseSync;

beforeAll(async () => {
  store = await TestStore.open();
  await putRecord(store);
  database = new DatabaseSync(store.url, { readOnly: true });
  database.function('visited', (_account, _row) => 1);
});
afterAll(async () => {
  database.close();
  await store.close();
});

/** Every resource of a type, to see which are meant. */
const WHOLE_TYPE = /^SEARCH (r|m) USING (COVERING )?INDEX resource_\w+ \(type=\?\)/;

/** What SQLite does for a search, step by step, for every statement that it runs. */
async function steps(query: string, role: Role, more: Partial<SearchRequest>): Promise<string[]> {
  const texts: string[] = [];
  const connection = openForReading(store.url, (text) => texts.push(text));
  const [types = '', parameters = ''] = query.split('?');
  await searchIn(
    connection,
    {
      types: [types],
      parameters: [...new URLSearchParams(parameters)],
      visibility: visibilityOf(role, role === 'patient' ? { patient: 'p1' } : {}),
      lenient: false,
      sort: [],
      count: 20,
      total: 'none',
      include: [],
      includeIterate: [],
      revinclude: [],
      revincludeIterate: [],
      ...more,
    },
    undefined,
  );
  await connection.close();
  return texts
    .flatMap((text) => database.prepare(`explain query plan ${text}`).all())
    .map(({ detail }) => String(detail));
}

test.each(
  (['patient', 'doctor', 'system'] as const).flatMap((role) =>
    common.map(([query, more]) => [role, query, more ?? {}] as const),
  ),
)('for a %s, %s scans no table that grows (%j)', async (role, query, more) => {
  const plan = await steps(query, role, more);
  expect(plan.length).toBeGreaterThan(3);
  expect(plan.filter((step) => GROWING.test(step) || WHOLE_TYPE.test(step))).toEqual([]);
});

test('patient, code and no sort come off the index in order', async () => {
  const plan = await steps('Observation?patient=p1&code=urn:c|1', 'system', {});
  expect(plan).toContain('SEARCH v USING PRIMARY KEY (parameter=? AND term=? AND patient=?)');
  expect(plan.filter((step) => step.includes('TEMP B-TREE FOR ORDER BY'))).toEqual([]);
});

test('the newest of one patient are read from the end of the index of dates', async () => {
  const plan = await steps('Observation?patient=p1', 'system', byDate);
  expect(plan).toContain('SEARCH d USING PRIMARY KEY (parameter=? AND patient=?)');
});
