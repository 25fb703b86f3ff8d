import type { Scenario } from '../bench.ts';
import { mixOf, OF_TWENTY } from '../target/mix.ts';
import { againstBareKoa } from './against-bare-koa.ts';
import { filledGateway } from './filled.ts';

/** Observations of each record. */
const EACH = 20;

/** What a ward's day is: mostly reads, some searches, now and then a write. */
export const mixed: Scenario = {
  about: 'fourteen reads and five searches to one create, beside a bare Koa server that sends the same bytes',
  async run(bench) {
    const { target, patients, ids } = await filledGateway(bench, EACH);
    return [
      await againstBareKoa(bench, target, {
        title: `Reads, searches and creates (${OF_TWENTY.reads} : ${OF_TWENTY.searches} : 1) in ${patients.length} records`,
        unit: 'requests',
        requests: mixOf(target, { patients, ids }),
      }),
    ];
  },
};
