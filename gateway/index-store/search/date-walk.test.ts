import { afterAll, beforeAll } from '@jest/globals';
import { byDate } from '../testing/common-searches.ts';
import { TestStore, visibilityOf } from '../testing/store.ts';

/** So many that a search along the dates does not sort them all. */
const OBSERVATIONS = 1500;
const HOUR = 3_600_000;
const START = Date.UTC(2020, 0, 1);

const observation = (id: string, effective: object) => ({
  ...{ resourceType: 'Observation', id, status: 'final', code: { text: 'c' } },
  ...{ subject: { reference: 'Patient/p1' }, ...effective },
});
const atHour = (hour: number) => new Date(START + hour * HOUR).toISOString();

let store: TestStore;
beforeAll(async () => {
  store = await TestStore.open();
  for (let at = 0; at < 62; at += 1) await store.grant(`q${at}`, 'Organization/hospital');
  await store.grant('p1', 'Organization/hospital');
  await store.put([
    { resourceType: 'Patient', id: 'p1' },
    ...[...Array(OBSERVATIONS).keys()].map((hour) =>
      observation(`o${hour}`, { effectiveDateTime: atHour(hour) }),
    ),
    observation('years', { effectivePeriod: { start: '2018', end: '2022' } }),
    observation('days', { effectivePeriod: { start: '2019-12-30', end: '2020-01-04' } }),
    observation('before', { effectivePeriod: { start: '2018', end: '2019-06' } }),
  ]);
});
afterAll(() => store.close());

/** Ids of all pages, in order. */
async function found(descending: boolean, ...dates: string[]): Promise<string[]> {
  const ids: string[] = [];
  let after: string | undefined;
  do {
    const page = await store.reader.search({
      types: ['Observation'],
      parameters: dates.map((date) => ['date', date] as const),
      visibility: visibilityOf('system'),
      ...{ lenient: false, count: 100, total: 'none' as const },
      sort: byDate.sort.map((key) => ({ ...key, descending })),
      ...{ include: [], includeIterate: [], revinclude: [], revincludeIterate: [] },
      ...(after !== undefined && { after }),
    });
    ids.push(...page.matches.map(({ id }) => id));
    after = page.after;
  } while (after !== undefined);
  return ids;
}

const hours = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => `o${from + at}`);

test('what begins before the range and reaches into it has its place in the order, on whichever page', async () => {
  const ids = await found(false, `ge${atHour(24)}`, `lt${atHour(1324)}`);
  expect(ids).toEqual(['years', 'days', ...hours(24, 1324)]);
});

test('the newest of a range come first, and each of them once', async () => {
  const ids = await found(true, `ge${atHour(24)}`, `lt${atHour(1324)}`);
  expect(ids).toEqual([...hours(24, 1324).reverse(), 'days', 'years']);
});
