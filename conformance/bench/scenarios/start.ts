import { join } from 'node:path';
import type { Bench, Scenario } from '../bench.ts';
import { spreadOf } from '../measurement/spread.ts';
import { startGateway, type GatewayOptions } from '../servers/gateway.ts';
import { fillRecords, openRecords } from '../target/records.ts';

/** Observations of each record, of a folder that is not empty. */
const EACH = 100;

const NEW = {
  demo: false,
  env: {
    MASTER_SECRET: 'of nobody: nothing is kept of it',
    ORGANISATIONS: 'HospitalMSP=hospital=Hospital',
  },
};

/** From the start of the process until it has answered, and the memory that it then has. */
export const start: Scenario = {
  about: 'the time until a gateway answers, on an empty folder and on one with records, and its memory',
  async run(bench) {
    const { runs = 5, patients: records } = bench.options;
    const empty = await starts(bench, runs, () => ({ ...NEW, dataDir: join(bench.folder(), 'new') }));
    const filled = join(bench.folder(), 'demo');
    bench.say('filling records');
    await bench.part(async (part) => {
      const target = await part.startGateway({ dataDir: filled, demo: true });
      await fillRecords(target, await openRecords(target, records), EACH);
    });
    const full = await starts(bench, runs, () => ({ dataDir: filled, demo: true }));
    return [
      {
        title: 'Start',
        columns: [
          { key: 'folder', title: 'DATA_DIR' },
          { key: 'seconds', title: 's until it answers', decimals: 2 },
          { key: 'memory', title: 'MB resident then' },
        ],
        rows: [
          { folder: 'empty: the ledger is founded', ...empty },
          { folder: `the demo and ${(records * EACH).toLocaleString('en-GB')} Observations`, ...full },
        ],
        notes: [`Median (least to most) of ${runs} starts.`],
      },
    ];
  },
};

async function starts(bench: Bench, runs: number, options: () => GatewayOptions) {
  const seconds: number[] = [];
  const memory: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    bench.say(`start ${run + 1}`);
    const begun = performance.now();
    const gateway = await startGateway(options());
    try {
      const answer = await fetch(`${gateway.baseUrl}/fhir/R4/metadata`);
      if (!answer.ok) throw new Error(`the CapabilityStatement: ${answer.status}`);
      seconds.push((performance.now() - begun) / 1000);
      memory.push(gateway.residentMegabytes());
    } finally {
      await gateway.stop();
    }
  }
  return { seconds: spreadOf(seconds), memory: spreadOf(memory) };
}
