import type { Scenario } from '../bench.ts';
import { observationCreates } from '../target/creates.ts';
import { openRecords } from '../target/records.ts';
import { againstBareKoa } from './against-bare-koa.ts';

/** Creates: validated, signed, on disk and indexed before the answer. */
export const create: Scenario = {
  about: 'creates of Observations, beside a bare Koa server that sends the same bytes',
  async run(bench) {
    const target = await bench.gateway();
    bench.say('opening records');
    const patients = await openRecords(target, bench.options.patients);
    return [
      await againstBareKoa(bench, target, {
        title: `Create of an Observation in one of ${patients.length} records, by the hospital's system`,
        unit: 'creates',
        requests: observationCreates(target, patients),
      }),
    ];
  },
};
