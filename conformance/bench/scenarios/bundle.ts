import { newPatientLike } from '../../clients/synthea.ts';
import type { Scenario } from '../bench.ts';
import type { LoadRequest } from '../load/job.ts';
import { alternate } from '../measurement/alternate.ts';
import { loadColumns, loadRow } from '../report/load-rows.ts';
import { runFhirLoad } from '../target/fhir-load.ts';
import { observationBundle, openRecords } from '../target/records.ts';

const ENTRIES = 100;
/** Whole exports that a run loads. */
const EXPORTS = 12;
const CONNECTIONS = [4];

/** Transactions: of one patient's Observations, and of Synthea's own mix. */
export const bundle: Scenario = {
  about: 'transaction Bundles: of 100 Observations, and whole exports of Synthea',
  async run(bench) {
    const { runs = 5, seconds = 8, warmUp = 5, connections = CONNECTIONS } = bench.options;
    const target = await bench.gateway();
    bench.say('opening records');
    const patients = await openRecords(target, bench.options.patients);
    const path = target.base;
    const bundles = patients.map((patient): LoadRequest => ({
      method: 'POST',
      path,
      body: JSON.stringify(observationBundle(patient, ENTRIES)),
    }));
    const rows = [];
    for (const count of connections) {
      const ofObservations = (length: number) =>
        runFhirLoad(target, {
          kind: 'closed',
          connections: count,
          until: { seconds: length },
          requests: bundles,
        });
      const exports = () => Array.from({ length: EXPORTS }, () => newPatientLike('maragret').bundle);
      const resources = (exports()[0]?.entry ?? []).length;
      const ofExports = () =>
        runFhirLoad(target, {
          kind: 'closed',
          connections: Math.min(count, EXPORTS),
          until: { requests: EXPORTS },
          requests: exports().map((one) => ({ method: 'POST', path, body: JSON.stringify(one) })),
        });
      bench.say(`${count} connections: warming up`);
      await ofObservations(warmUp);
      await ofExports();
      bench.say(`${runs} runs`);
      const [observations = [], mixed = []] = await alternate(runs, [
        () => ofObservations(seconds),
        ofExports,
      ]);
      rows.push(
        {
          content: `${ENTRIES} Observations of one patient`,
          connections: count,
          ...loadRow(observations, ENTRIES),
        },
        {
          content: `Synthea's export, ${resources} resources`,
          connections: count,
          ...loadRow(mixed, resources),
        },
      );
    }
    return [
      {
        title: "Transaction Bundles, by the hospital's system",
        columns: [
          { key: 'content', title: 'a Bundle' },
          { key: 'connections', title: 'connections' },
          ...loadColumns('resources'),
        ],
        rows,
        notes: [
          `Median (least to most) of ${runs} runs: of ${seconds} s, and of ${EXPORTS} exports. Times are a Bundle's.`,
        ],
      },
    ];
  },
};
