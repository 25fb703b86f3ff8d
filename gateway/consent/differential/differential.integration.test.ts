import fc from 'fast-check';
import { someCase } from './cases.ts';
import { World, type Difference } from './world.ts';

/** `npm run consent-cases` asks for more; a failure is seen again with CONSENT_SEED. */
const RUNS = Number(process.env['CONSENT_CASES'] ?? 60);
const SEED = Number(process.env['CONSENT_SEED'] ?? Date.now() % 1_000_000_000);

const inWords = ({ by, purpose, asked, shown, expected, consents }: Difference): string =>
  [
    `${by}, for ${purpose}, asked for ${asked}`,
    `  shown:    ${shown.join(' ')}`,
    `  expected: ${expected.join(' ')}`,
    ...consents.map(({ id, status, provision }) => `  ${id} ${status} ${JSON.stringify(provision)}`),
  ].join('\n');

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());

test(
  `the gateway shows of ${RUNS} random records what their Consents say, and nothing else (CONSENT_SEED=${SEED})`,
  async () => {
    await fc.assert(
      fc.asyncProperty(someCase, async (one) => {
        const found = await world.differences(one);
        if (found.length > 0) throw new Error(found.map(inWords).join('\n'));
      }),
      { numRuns: RUNS, seed: SEED },
    );
    expect(world.taken.consents).toBeGreaterThan(world.taken.refused);
  },
  Math.max(300_000, RUNS * 2_000),
);
