import type { Bench, Scenario } from '../../bench.ts';
import { UsageError } from '../../options.ts';
import { loadColumns } from '../../report/load-rows.ts';
import type { Row, Table } from '../../report/table.ts';
import { buildHapi } from '../../servers/hapi.ts';
import { missingForJava } from '../../servers/maven.ts';
import { compare, inTurns } from './compare.ts';
import { findAll, requireSame, type Found } from './found.ts';
import { EACH, gatewaySide, hapiSides, type Side } from './sides.ts';
import { reads, searches, writes, type Work } from './work.ts';

/** What the records were filled with: the gateway's also hold the Consent that opened them. */
const LOADED = ['Patient', 'Observation'];

/** The gateway beside what else a hospital would run. */
export const hapi: Scenario = {
  about: 'beside HAPI FHIR JPA on H2 and on PostgreSQL, with the same records (Java and Maven)',
  async run(bench) {
    if (bench.options.url !== undefined)
      throw new UsageError('hapi compares servers that hold the same records: it starts its own gateway.');
    const missing = missingForJava();
    if (missing !== undefined) return [skipped(bench, missing)];
    bench.say('building HAPI');
    await buildHapi();
    const sides = [await gatewaySide(bench), ...(await hapiSides(bench))];
    const [many, few] = bench.options.connections ?? [];
    const asked = searches(many);
    for (const search of asked) await requireSameAnswers(search, sides);
    // What is read does not change until it has been read.
    const rows = await compareAll(bench, sides, [reads(many), ...asked]);
    return [
      tableOf(bench, sides, { title: 'Reads and searches', unit: 'requests', rows }),
      tableOf(bench, sides, {
        title: 'Writes',
        unit: 'resources',
        rows: await compareAll(bench, sides, writes(many, few)),
      }),
    ];
  },
};

function skipped(bench: Bench, why: string): Table {
  bench.say(why);
  return {
    title: 'Beside HAPI FHIR JPA',
    columns: [{ key: 'skipped', title: 'skipped' }],
    rows: [{ skipped: why }],
  };
}

/** Of the first patient, whose record is every other's. */
async function requireSameAnswers({ what, requests }: Work, sides: readonly Side[]): Promise<void> {
  const answers = new Map<string, Found>();
  for (const side of sides) answers.set(side.name, await findAll(side.target, requests(side)[0]?.path ?? ''));
  requireSame(what, LOADED, answers);
}

async function compareAll(bench: Bench, sides: readonly Side[], works: readonly Work[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (const work of works) rows.push(...(await compare(bench, sides, work)));
  return rows;
}

function tableOf(
  bench: Bench,
  sides: readonly Side[],
  { title, unit, rows }: { title: string; unit: string; rows: readonly Row[] },
): Table {
  const records = bench.options.patients;
  return {
    title: `${title}, beside HAPI FHIR JPA, in ${records} records of ${EACH} Observations`,
    columns: [
      { key: 'what', title: 'what' },
      { key: 'connections', title: 'connections' },
      { key: 'server', title: 'server' },
      ...loadColumns(unit),
      { key: 'ratio', title: 'gateway to it', decimals: 2 },
    ],
    rows,
    notes: [inTurns(bench), softwareOf(sides), DIFFERENCES],
  };
}

const softwareOf = (sides: readonly Side[]): string =>
  `${sides.flatMap(({ software }) => (software === undefined ? [] : [software])).join('; ')}.`;

const DIFFERENCES =
  'All were asked each search before, to its last page, and found as many Patients and Observations; a whole record is, at the gateway, also the Consent that opened it. HAPI asks nobody who they are, keeps no audit log and does not validate what it is sent, as its starter has it by default; it answers no search from one before. A commit is on disk before its answer at the gateway and on PostgreSQL, within half a second of it on H2.';
