import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench, Scenario } from '../../bench.ts';
import { failures, perSecond, type Outcome } from '../../load/job.ts';
import type { Row, Table } from '../../report/table.ts';
import { npmRun } from '../../servers/npm.ts';
import { residentMegabytes } from '../../servers/vitals.ts';
import { runFhirLoad } from '../../target/fhir-load.ts';
import type { Target } from '../../target/target.ts';
import { EACH, fillTo } from './fill.ts';
import { readPlan, readingSteps, scansOf } from './plans.ts';
import { questionsOf, searchOf, type Question } from './questions.ts';
import { FilledRecords } from './records.ts';

const CONNECTIONS = 4;
const SECONDS = 5;
const WARM_UP = 1;
/** Records that are asked about. */
const ASKED = 500;
/** Searches whose plans are shown. */
const SLOWEST = 5;

interface Answered {
  question: Question;
  outcome: Outcome;
}

interface Size {
  observations: number;
  answered: Answered[];
  figures: Row;
}

/** The same questions to a ledger that grows, and what it takes of memory, disk and time. */
export const growth: Scenario = {
  about:
    'the same questions among 10,000, 100,000 and 1,000,000 Observations; memory, disk, start, rebuild, plans',
  async run(bench) {
    const dataDir = bench.options.keep ?? join(bench.folder(), 'grown');
    const sizes: Size[] = [];
    for (const size of bench.options.sizes) sizes.push(await measured(bench, dataDir, size));
    return [speeds(sizes), costs(sizes), await slowest(bench, dataDir, sizes.at(-1))];
  },
};

/** Grows the ledger to a size and measures it there. */
async function measured(bench: Bench, dataDir: string, size: number): Promise<Size> {
  const records = new FilledRecords(dataDir);
  const filled = await bench.part(async (part) => {
    const begun = performance.now();
    const before = records.count;
    const target = await part.startGateway({ dataDir, demo: true });
    await fillTo(target, records, Math.ceil(size / EACH), (text) => bench.say(text));
    return ((records.count - before) * EACH * 1000) / (performance.now() - begun);
  });
  const asked = await bench.part(async (part) => {
    const begun = performance.now();
    const target = await part.startGateway({ dataDir, demo: true });
    const started = (performance.now() - begun) / 1000;
    const answered: Answered[] = [];
    for (const question of questionsOf(target.base, records.spread(ASKED)))
      answered.push({ question, outcome: await answersTo(bench, target, question) });
    return { started, answered, memory: await residentMegabytes(target.origin) };
  });
  const observations = records.count * EACH;
  bench.say('rebuilding the index');
  const said = await npmRun('index', ['rebuild'], { DATA_DIR: dataDir });
  const megabytes = (file: string) => statSync(join(dataDir, file)).size / 2 ** 20;
  const [ledger, index] = [megabytes('ledger.db'), megabytes('index.db')];
  return {
    observations,
    answered: asked.answered,
    figures: {
      observations,
      ...{ filled, started: asked.started, memory: asked.memory, ledger, index },
      bytes: ((ledger + index) * 2 ** 20) / (observations + records.count),
      rebuilt: Number(/ in ([\d.]+) s/.exec(said)?.[1]),
    },
  };
}

async function answersTo(bench: Bench, target: Target, { what, requests }: Question): Promise<Outcome> {
  const { seconds = SECONDS, warmUp = WARM_UP, connections = [CONNECTIONS] } = bench.options;
  bench.say(what);
  const load = { kind: 'closed', connections: Math.max(...connections), requests } as const;
  await runFhirLoad(target, { ...load, until: { seconds: warmUp } });
  const outcome = await runFhirLoad(target, { ...load, until: { seconds } });
  if (failures(outcome) > 0) throw new Error(`${what}: ${JSON.stringify(outcome.statuses)}`);
  return outcome;
}

const count = (observations: number) => observations.toLocaleString('en-GB');

function speeds(sizes: readonly Size[]): Table {
  const [smallest] = sizes;
  const rows = (smallest?.answered ?? []).map(({ question, outcome }, at) => ({
    what: question.what,
    ...Object.fromEntries(
      sizes.flatMap(({ observations, answered }) => {
        const here = answered[at]?.outcome ?? outcome;
        return [
          [`persecond${observations}`, perSecond(here)],
          [`p50${observations}`, here.latency.p50],
          [`p99${observations}`, here.latency.p99],
          [`ratio${observations}`, perSecond(outcome) / perSecond(here)],
        ];
      }),
    ),
  }));
  return {
    title: 'The same questions among more Observations',
    columns: [
      { key: 'what', title: 'a request' },
      ...sizes.flatMap(({ observations }, at) => [
        { key: `persecond${observations}`, title: `${count(observations)}: /s` },
        { key: `p50${observations}`, title: 'p50 ms', decimals: 1 },
        { key: `p99${observations}`, title: 'p99 ms', decimals: 1 },
        ...(at === 0 ? [] : [{ key: `ratio${observations}`, title: 'times as long', decimals: 2 }]),
      ]),
    ],
    rows,
    notes: [`${EACH} Observations a patient, of 20 codes and five years, ${ASKED} patients asked about.`],
  };
}

const costs = (sizes: readonly Size[]): Table => ({
  title: 'What so many Observations take',
  columns: [
    { key: 'observations', title: 'Observations' },
    { key: 'filled', title: 'filled, /s' },
    { key: 'memory', title: 'MB resident after the questions' },
    { key: 'ledger', title: 'ledger.db, MB' },
    { key: 'index', title: 'index.db, MB' },
    { key: 'bytes', title: 'bytes a resource' },
    { key: 'started', title: 's until it answers', decimals: 2 },
    { key: 'rebuilt', title: 's to rebuild the index', decimals: 1 },
  ],
  rows: sizes.map(({ figures }) => figures),
});

/** The plans of the slowest searches of the largest size. */
async function slowest(bench: Bench, dataDir: string, size: Size | undefined): Promise<Table> {
  const searches = (size?.answered ?? [])
    .flatMap(({ question, outcome }) => {
      const search = searchOf(question, '/fhir/R4');
      return search === undefined ? [] : [{ what: question.what, search, outcome }];
    })
    .sort((a, b) => b.outcome.latency.p50 - a.outcome.latency.p50)
    .slice(0, SLOWEST);
  const rows: Row[] = [];
  const notes: string[] = [];
  for (const { what, search, outcome } of searches) {
    bench.say(`the plan of ${search}`);
    const plan = readPlan(await npmRun('index', ['plan', search], { DATA_DIR: dataDir }));
    rows.push({ what, p50: outcome.latency.p50, statements: plan.length, scans: scansOf(plan).length });
    notes.push(`${what}: ${readingSteps(plan).join('; ')}.`);
  }
  return {
    title: `The slowest searches among ${count(size?.observations ?? 0)}, and what the database does for them`,
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
