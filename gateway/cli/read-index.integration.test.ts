import { install, type Installation } from './testing/installation.ts';

let hospital: Installation;

beforeAll(async () => {
  hospital = await install();
});
afterAll(() => hospital.remove());

const index = (...args: string[]) => hospital.run('read-index', args);

test('before there is a ledger, nothing is rebuilt', () => {
  expect(index('rebuild')).toMatchObject({ code: 1, wrong: expect.stringContaining('There is no ledger') });
});

test('the index is built again from all blocks, and beside a gateway that runs a search is explained', async () => {
  const stop = await hospital.start();
  const explained = index('plan', 'Observation?code=urn:c|1&_sort=-date');
  const refused = index('rebuild');
  await stop();
  expect(explained).toMatchObject({ code: 0, wrong: '' });
  // Each statement, and below it what is done for it.
  expect(explained.said).toMatch(/^select .*\n {2}SEARCH .*/);
  expect(explained.said).toContain('with page as materialized');
  expect(refused.code).toBe(1);
  expect(index('rebuild')).toMatchObject({
    code: 0,
    said: expect.stringMatching(/^the index was built from [1-9]\d* blocks in \d+\.\d s\n$/),
  });
});

test.each([
  [['plan', 'Observation?_total=most'], '_total is one of none, estimate, accurate.'],
  [['plan', 'Observation?nothing=1'], 'nothing'],
  [['plan', 'Nothing'], 'Nothing is no resource type of R4.'],
  [['plan'], 'usage: npm run index -- rebuild | plan'],
  [['rebuild', 'now'], 'usage: npm run index -- rebuild | plan'],
])('what is wrong with %j is said', (args, why) => {
  const { code, wrong } = index(...args);
  expect(code).toBe(1);
  expect(wrong).toContain(why);
  expect(wrong).not.toContain('    at ');
});
