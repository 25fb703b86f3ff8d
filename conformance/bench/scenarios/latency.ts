import type { Bench, Scenario } from '../bench.ts';
import type { Outcome } from '../load/job.ts';
import { loadColumns, loadRow } from '../report/load-rows.ts';
import type { Row, Table } from '../report/table.ts';
import { observationCreates } from '../target/creates.ts';
import { runFhirLoad } from '../target/fhir-load.ts';
import { openRecords } from '../target/records.ts';
import type { Target } from '../target/target.ts';

/** Connections whose throughput a batch timeout is held against, unless others are asked for. */
const MANY = [128];

/** A write that nobody else's waits with: one connection, one create after the other. */
export const latency: Scenario = {
  about: "a lone write; on Fabric (FABRIC_BIN) against the orderer's batch timeout",
  async run(bench) {
    const { url } = bench.options;
    const rows: Row[] = [
      await bench.part(async (part) => ({
        ledger: url ?? 'embedded',
        ...(await writes(part, await part.gateway())),
      })),
    ];
    if (url === undefined && process.env['FABRIC_BIN'] !== undefined)
      for (const timeout of bench.options.batchTimeouts)
        rows.push(
          await bench.part(async (part) => {
            const target = await part.fabricGateway(await part.fabricNetwork(timeout));
            return { ledger: `Fabric, batch timeout ${timeout}`, ...(await writes(part, target)) };
          }),
        );
    return [table(rows, Math.max(...(bench.options.connections ?? MANY)))];
  },
};

/** Writes one at a time for the seconds of each run, and then many at a time. */
async function writes(bench: Bench, target: Target): Promise<Row> {
  const { runs = 3, seconds = 10, warmUp = 3, connections = MANY } = bench.options;
  bench.say('opening records');
  const requests = observationCreates(target, await openRecords(target, bench.options.patients));
  const load = (count: number, length: number) =>
    runFhirLoad(target, { kind: 'closed', connections: count, until: { seconds: length }, requests });
  const measured = async (count: number) => {
    bench.say(`${count} connections: ${runs} runs of ${seconds} s each`);
    await load(count, warmUp);
    const outcomes: Outcome[] = [];
    for (let run = 0; run < runs; run += 1) outcomes.push(await load(count, seconds));
    return loadRow(outcomes);
  };
  const lone = await measured(1);
  const { perSecond: many, failed } = await measured(Math.max(...connections));
  return { ...lone, many, failed: Number(lone['failed']) + Number(failed) };
}

const table = (rows: readonly Row[], many: number): Table => ({
  title: "A lone create of an Observation, by the hospital's system",
  columns: [
    { key: 'ledger', title: 'ledger' },
    ...loadColumns('creates'),
    { key: 'many', title: `creates/s at ${many} connections` },
  ],
  rows,
});
