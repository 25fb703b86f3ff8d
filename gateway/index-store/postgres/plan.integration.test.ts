import { afterAll, beforeAll } from '@jest/globals';
import pg from 'pg';
import type { Role } from '@fhir-fabric-gateway/chaincode/api';
import { startPostgres, type RunningPostgres } from '../../testing/postgres.ts';
import type { SqlValue } from '../connection.ts';
import type { SearchRequest } from '../port.ts';
import { searchIn } from '../search/search.ts';
import { byDate, common, putRecord } from '../testing/common-searches.ts';
import { TestStore, visibilityOf } from '../testing/store.ts';
import { READING, openForReading } from './reading.ts';
import { connectionOf } from './settings.ts';

/** A step of a plan, as far as it is looked at. */
interface Step {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Index Cond'?: string;
  Plans?: Step[];
}

/** Tables that stay small however many resources there are. */
const SMALL = ['meta', 'record', 'shape', 'privacy_rule', 'consent_party', 'facet', 'term'];

let server: RunningPostgres;
let store: TestStore;
let client: pg.Client;
beforeAll(async () => {
  server = await startPostgres();
  store = await TestStore.open(await server.database());
  await putRecord(store);
  client = new pg.Client(connectionOf(store.url, { ...READING, default_transaction_read_only: 'off' }));
  await client.connect();
  await client.query('analyze');
});
afterAll(async () => {
  await client.end();
  await store.close();
  await server.stop();
});

const flat = (step: Step): Step[] => [step, ...(step.Plans ?? []).flatMap(flat)];

/** What the server would do for a search, step by step, for every statement that it is asked. */
async function steps(query: string, role: Role, more: Partial<SearchRequest>): Promise<Step[]> {
  const statements: pg.QueryConfig<SqlValue[]>[] = [];
  const connection = openForReading(store.url, (statement) => statements.push(statement));
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
  const plans: Step[] = [];
  for (const { text, values } of statements) {
    const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Step }] }>({
      text: `explain (format json) ${text}`,
      values: [...(values ?? [])],
    });
    plans.push(...rows.flatMap((row) => flat(row['QUERY PLAN'][0].Plan)));
  }
  return plans;
}

/** Reads all of a table that grows: as it lies, or by an index from end to end. */
const readsAll = (step: Step): boolean => {
  const { 'Node Type': type, 'Relation Name': table = '' } = step;
  if (SMALL.includes(table)) return false;
  return type === 'Seq Scan' || (/^(Bitmap )?Index/.test(type) && step['Index Cond'] === undefined);
};

test.each(
  (['patient', 'doctor', 'system'] as const).flatMap((role) =>
    common.map(([query, more]) => [role, query, more ?? {}] as const),
  ),
)('for a %s, %s reads no table that grows from end to end (%j)', async (role, query, more) => {
  const plan = await steps(query, role, more);
  expect(plan.length).toBeGreaterThan(3);
  expect(plan.filter(readsAll).map((step) => [step['Node Type'], step['Index Name']])).toEqual([]);
});

test('the newest of all are read from the end of the index of dates, and not sorted', async () => {
  const plan = await steps('Observation', 'system', byDate);
  expect(plan.map((step) => step['Index Name'])).toContain('date_time');
});
