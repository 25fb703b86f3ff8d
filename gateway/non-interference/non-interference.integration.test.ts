import type { IndexReader, SearchRequest } from '../index-store/port.ts';
import { askerOf, runCase, type CaseResult } from './run-case.ts';

/**
 * docs/adr/0026. `npm run test:leak -- --cases N --seed S` runs more: case `n` of seed `S` is always the same.
 */
const CASES = Number(process.env['LEAK_CASES'] ?? 6);
const SEED = Number(process.env['LEAK_SEED'] ?? 20_260_601);
const REQUESTS = { reads: 40, writes: 8 };

const results: CaseResult[] = [];
afterAll(() => {
  const sum = (of: (result: CaseResult) => number) => results.reduce((total, one) => total + of(one), 0);
  process.stderr.write(
    `non-interference: seed ${SEED}, ${results.length} cases, ${sum(({ acts }) => acts)} writes of which ${sum(({ hidden }) => hidden)} ` +
      `are hidden, ${sum(({ answers }) => answers)} answers compared, ${sum(({ found }) => found)} of them successes, ` +
      `${sum((one) => one.excepted)} excepted\n`,
  );
});

test.each(Array.from({ length: CASES }, (_, at) => [at, askerOf(at).name] as const))(
  'case %i: a %s gets, byte for byte, what they would get if what they may not see did not exist',
  async (at) => {
    const result = await runCase(SEED + at, askerOf(at), REQUESTS);
    results.push(result);
    expect(result.difference).toBeUndefined();
  },
);

/** The same search by somebody whom every patient of the hospital has let in at first. */
function asHospital(request: SearchRequest): SearchRequest {
  const { visibility } = request;
  const requester = { role: 'system' as const, organization: 'Organization/hospital' };
  return { ...request, visibility: { ...visibility, principal: { ...visibility.principal, requester } } };
}

test.each<[string, (index: IndexReader) => IndexReader]>([
  [
    'a search without the gate',
    (index) => ({ ...index, search: (request) => index.search(asHospital(request)) }),
  ],
  [
    'a total without the gate',
    (index) => ({
      ...index,
      async search(request) {
        const [own, all] = [await index.search(request), await index.search(asHospital(request))];
        return all.total === undefined ? own : { ...own, total: all.total };
      },
    }),
  ],
])('%s is noticed', async (_, leaky) => {
  const { difference } = await runCase(SEED, askerOf(0), REQUESTS, leaky);
  expect(difference).toBeDefined();
});
