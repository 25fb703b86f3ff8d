import { afterAll, beforeAll } from '@jest/globals';
import type { Role } from '@fhir-fabric-gateway/chaincode/api';
import type { SearchRequest } from '../port.ts';
import { explainSearch } from '../explain.ts';
import { byDate, common, putRecord } from '../testing/common-searches.ts';
import { TestStore, visibilityOf } from '../testing/store.ts';

/** Tables that grow with the number of resources; a plan that scans one takes as long as there are resources. */
const GROWING =
  /^SCAN (r|m|d|v|w|k|f|f1|f2|s1|s2|h|p|x\d+|resource|token|string|date|quantity|reference|composite|name|n|c|content|version|consent_rule|g)\b/;

let store: TestStore;

beforeAll(async () => {
  store = await TestStore.open();
  await putRecord(store);
});
afterAll(() => store.close());

/** Every resource of a type, to see which are meant. */
const WHOLE_TYPE = /^SEARCH (r|m) USING (COVERING )?INDEX resource_\w+ \(type=\?\)/;

/** What SQLite does for a search, step by step, for every statement that it runs. */
async function steps(query: string, role: Role, more: Partial<SearchRequest>): Promise<string[]> {
  const [types = '', parameters = ''] = query.split('?');
  const statements = await explainSearch(store.url, {
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
  });
  return statements.flatMap((statement) => statement.steps);
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
