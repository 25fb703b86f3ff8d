import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench, Scenario } from '../../bench.ts';
import { spreadOf } from '../../measurement/spread.ts';
import type { Row, Table } from '../../report/table.ts';
import { npmRun } from '../../servers/npm.ts';
import { residentMegabytes } from '../../servers/vitals.ts';
import { openRecords } from '../../target/records.ts';
import { ask, type Answered } from './ask.ts';
import { EACH, fillTo } from './fill.ts';
import { readPlan, readingSteps, scansOf } from './plans.ts';
import { questionsOf, searchOf } from './questions.ts';
import { FilledRecords } from './records.ts';
import { costs, count, speeds, type Size } from './tables.ts';

/** Records that are asked about. */
const ASKED = 500;
/** New records that the creates go into. */
const NEWCOMERS = 50;
/** Searches whose plans are shown. */
const SLOWEST = 5;

/** The same questions to a ledger that grows, and what it takes of memory, disk and time. */
export const growth: Scenario = {
  about:
    'the same questions among 10,000, 100,000 and 1,000,000 Observations; memory, disk, start, rebuild, plans',
  async run(bench) {
    const dataDir = bench.options.keep ?? join(bench.folder(), 'grown');
    const sizes: Size[] = [];
    for (const size of bench.options.sizes) sizes.push(await measured(bench, dataDir, size));
    const notes = [
      `${EACH} Observations a patient, of 20 codes and five years; ${ASKED} patients, or 200 days, are asked about in turns. An answer has 20 resources at most, but of a whole record all. Times are as many as among the fewest.`,
    ];
    return [speeds(sizes, notes), costs(sizes), await plans(bench, dataDir, sizes.at(-1))];
  },
};

/** Grows the ledger to a size and measures it there. */
async function measured(bench: Bench, dataDir: string, size: number): Promise<Size> {
  const records = new FilledRecords(dataDir);
  const filled = await filledTo(bench, dataDir, records, size);
  // Before the questions, some of which create.
  const [ledger, index] = [megabytes(join(dataDir, 'ledger.db')), megabytes(join(dataDir, 'index.db'))];
  const asked = await bench.part((part) => questioned(part, dataDir, records));
  bench.say('rebuilding the index');
  const said = await npmRun('index', ['rebuild'], { DATA_DIR: dataDir });
  const observations = records.count * EACH;
  // Each record has a Patient besides, and the Consent that lets the hospital in.
  const resources = observations + 2 * records.count;
  const { answered, ...figures } = asked;
  return {
    observations,
    answered,
    figures: {
      ...{ observations, resources, filled, ledger, index, ...figures },
      bytes: ((ledger + index) * 2 ** 20) / resources,
      rebuilt: Number(/ in ([\d.]+) s/.exec(said)?.[1]),
    },
  };
}

/** What a database takes on disk, with what is not folded in yet. */
const megabytes = (file: string): number =>
  [file, `${file}-wal`].reduce((sum, one) => sum + (statSync(one, { throwIfNoEntry: false })?.size ?? 0), 0) /
  2 ** 20;

/** Fills the ledger, and answers how many Observations a second it took; undefined when it had so many before. */
async function filledTo(
  bench: Bench,
  dataDir: string,
  records: FilledRecords,
  size: number,
): Promise<number | undefined> {
  const before = records.count;
  const wanted = Math.ceil(size / EACH);
  if (before >= wanted) return undefined;
  return bench.part(async (part) => {
    const target = await part.startGateway({ dataDir, demo: true });
    const begun = performance.now();
    await fillTo(target, records, wanted, (text) => bench.say(text));
    return ((records.count - before) * EACH * 1000) / (performance.now() - begun);
  });
}

/** Starts the gateway on the filled ledger and asks it everything. */
async function questioned(bench: Bench, dataDir: string, records: FilledRecords) {
  const begun = performance.now();
  const target = await bench.startGateway({ dataDir, demo: true });
  const started = (performance.now() - begun) / 1000;
  const memoryThen = await residentMegabytes(target.origin);
  const newcomers = await openRecords(target, NEWCOMERS);
  const answered: Answered[] = [];
  for (const question of questionsOf(target.base, records.spread(ASKED), newcomers))
    answered.push(await ask(bench, target, question));
  return { started, memoryThen, answered, memory: await residentMegabytes(target.origin) };
}

/** What the database does for the searches at the largest size: whether it scans for any, and the plans of the slowest. */
async function plans(bench: Bench, dataDir: string, size: Size | undefined): Promise<Table> {
  const searches = (size?.answered ?? [])
    .flatMap(({ question, outcomes }) => {
      const search = searchOf(question, '/fhir/R4');
      const p50 = spreadOf(outcomes.map(({ latency }) => latency.p50)).median;
      return search === undefined ? [] : [{ what: question.what, search, p50 }];
    })
    .sort((a, b) => b.p50 - a.p50);
  const rows: Row[] = [];
  const notes: string[] = [];
  for (const { what, search, p50 } of searches) {
    bench.say(`the plan of ${search}`);
    const plan = readPlan(await npmRun('index', ['plan', search], { DATA_DIR: dataDir }));
    const scans = scansOf(plan);
    rows.push({ what, p50, statements: plan.length, scans: scans.length });
    if (scans.length > 0) notes.push(`**${what} scans**: ${scans.join('; ')}.`);
    if (rows.length <= SLOWEST) notes.push(`${what}: ${readingSteps(plan).join('; ')}.`);
  }
  return {
    title: `The searches among ${count(size?.observations ?? 0)}, the slowest first, and what the database does for them`,
    columns: [
      { key: 'what', title: 'a search' },
      { key: 'p50', title: 'p50 ms', decimals: 1 },
      { key: 'statements', title: 'statements' },
      { key: 'scans', title: 'steps that scan a table' },
    ],
    rows,
    notes,
  };
}
