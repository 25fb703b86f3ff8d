import type { Scenario } from '../bench.ts';
import { fillRecords, openRecords } from '../target/records.ts';
import { againstBareKoa } from './against-bare-koa.ts';

/** Observations of each record that are read. */
const EACH = 5;

/** Reads by id: through authentication, consent, and an audit row that is on disk before the answer. */
export const read: Scenario = {
  about: 'reads of Observations by id, beside a bare Koa server that sends the same bytes',
  async run(bench) {
    const target = await bench.gateway();
    bench.say('filling records');
    const patients = await openRecords(target, bench.options.patients);
    const ids = await fillRecords(target, patients, EACH);
    return [
      await againstBareKoa(bench, target, {
        title: `Read of one Observation of ${ids.length}, by the hospital's system`,
        unit: 'reads',
        requests: ids.map((id) => ({ method: 'GET', path: `${target.base}/Observation/${id}` })),
      }),
    ];
  },
};
