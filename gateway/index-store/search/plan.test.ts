import { afterAll, beforeAll } from '@jest/globals';
import type { Role } from '@fhir-fabric-gateway/chaincode/api';
import type { SearchRequest } from '../port.ts';
import { explainSearch, type ExplainedStatement } from '../explain.ts';
import { byDate, common, putRecord } from '../testing/common-searches.ts';
import { TestStore, visibilityOf } from '../testing/store.ts';

/** Tables that grow with the number of resources; a plan that scans one takes as long as there are resources. */
const GROWING =
  /^SCAN (r|m|d|v|w|k|f|f1|f2|s1|s2|h|p|x\d+|resource|token|string|date|quantity|reference|composite|name|n|c|content|version|consent_rule|g)\b/;

/** More patients than a search asks for one by one. */
const MANY = 61;

let store: TestStore;
/** The same, with many patients who let the hospital in. */
let large: TestStore;

beforeAll(async () => {
  store = await TestStore.open();
  await putRecord(store);
  large = await TestStore.open();
  await putRecord(large);
  for (let at = 0; at < MANY; at += 1) await large.grant(`q${at}`, 'Organization/hospital');
});
afterAll(async () => {
  await store.close();
  await large.close();
});

/** Every resource of a type, to see which are meant. */
const WHOLE_TYPE = /^SEARCH (r|m) USING (COVERING )?INDEX resource_\w+ \(type=\?\)/;
/** Every value of a parameter, to see which are asked for; a walk in the order of a sort key (`d`) ends with its page. */
const WHOLE_PARAMETER = /^SEARCH (?!d )\w+ USING .*\(parameter=\?\)/;

function explained(
  url: string,
  query: string,
  role: Role,
  more: Partial<SearchRequest> = {},
): Promise<ExplainedStatement[]> {
  const [types = '', parameters = ''] = query.split('?');
  return explainSearch(url, {
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
}

/** What SQLite does for a search, step by step, for every statement that it runs. */
async function steps(
  query: string,
  role: Role,
  more: Partial<SearchRequest>,
  { url } = store,
): Promise<string[]> {
  return (await explained(url, query, role, more)).flatMap((statement) => statement.steps);
}

/** Those that take longer the more there is. */
const thatGrow = (plan: readonly string[]): string[] =>
  plan.filter((step) => [GROWING, WHOLE_TYPE, WHOLE_PARAMETER].some((all) => all.test(step)));

test.each(
  (['patient', 'doctor', 'system'] as const).flatMap((role) =>
    common.map(([query, more]) => [role, query, more ?? {}] as const),
  ),
)('for a %s, %s scans no table that grows (%j)', async (role, query, more) => {
  const plan = await steps(query, role, more);
  expect(plan.length).toBeGreaterThan(3);
  expect(thatGrow(plan)).toEqual([]);
});

test.each(common.map(([query, more]) => [query, more ?? {}] as const))(
  'for a system that many patients let in, %s scans no table that grows (%j)',
  async (query, more) => {
    const plan = await steps(query, 'system', more, large);
    expect(plan.length).toBeGreaterThan(3);
    expect(thatGrow(plan)).toEqual([]);
  },
);

test('patient, code and no sort come off the index in order', async () => {
  const plan = await steps('Observation?patient=p1&code=urn:c|1', 'system', {});
  expect(plan).toContain('SEARCH v USING PRIMARY KEY (parameter=? AND term=? AND patient=?)');
  expect(plan.filter((step) => step.includes('TEMP B-TREE FOR ORDER BY'))).toEqual([]);
});

test('the newest of one patient are read from the end of the index of dates', async () => {
  const plan = await steps('Observation?patient=p1', 'system', byDate);
  expect(plan).toContain('SEARCH d USING PRIMARY KEY (parameter=? AND patient=?)');
});

test('where much fulfils each parameter, a search begins at the one that less does, and scans nothing', async () => {
  const many = await TestStore.open();
  try {
    const everything = { all: { type: 'permit' as const, actors: ['Organization/hospital'] } };
    await many.block(async (tx) => {
      for (let at = 0; at < 70; at += 1) await tx.putGrants(`p${at}`, 'Organization/hospital', everything);
    });
    await many.put(
      [...Array(4000).keys()].map((at) => ({
        resourceType: 'Observation',
        id: `o${at}`,
        status: 'final',
        subject: { reference: `Patient/p${at % 70}` },
        effectiveDateTime: at % 3 === 0 ? '2020-01-01' : '2010-01-01',
        code: { coding: [{ system: 'urn:c', code: '1' }] },
      })),
    );
    const statements = await explained(many.url, 'Observation?date=ge2019&code=urn:c|1', 'system');
    expect(thatGrow(statements.flatMap((statement) => statement.steps))).toEqual([]);
    const page = statements.find(({ text }) => text.includes('with page'));
    const [begins] = page?.steps.filter((step) => step.startsWith('SEARCH v')) ?? [];
    expect(begins).toMatch(/^SEARCH v USING COVERING INDEX date_time/);
  } finally {
    await many.close();
  }
});

test('a word that nearly everything has is not gathered for a page', async () => {
  const many = await TestStore.open();
  try {
    const word = (at: number) => (at % 2 === 0 ? 'common' : 'common rare');
    for (let from = 0; from < 20_200; from += 2020)
      await many.put(
        [...Array(2020).keys()].map((at) => ({
          resourceType: 'Organization',
          id: `g${from + at}`,
          alias: [word(at)],
        })),
      );
    const pageOf = async (query: string) => {
      const statements = await explained(many.url, query, 'system');
      return statements.find(({ text }) => text.includes('with page'))?.steps.join('\n');
    };
    expect(await pageOf('Organization?_content=common')).toMatch(
      /SEARCH v USING COVERING INDEX resource_patient/,
    );
    expect(await pageOf('Organization?_content=rare')).toMatch(/SCAN fulltext VIRTUAL TABLE/);
    expect(await many.ids('Organization?_content=common', { count: 3, total: 'none' })).toEqual([
      'g0',
      'g1',
      'g2',
    ]);
  } finally {
    await many.close();
  }
});
