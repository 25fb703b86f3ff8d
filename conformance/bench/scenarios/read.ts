import type { Scenario } from '../bench.ts';
import { againstBareKoa } from './against-bare-koa.ts';
import { filledGateway } from './filled.ts';

/** Observations of each record that are read. */
const EACH = 5;

/** Reads by id: through authentication, consent, and an audit row that is on disk before the answer. */
export const read: Scenario = {
  about: 'reads of Observations by id, beside a bare Koa server that sends the same bytes',
  async run(bench) {
    const { target, ids } = await filledGateway(bench, EACH);
    return [
      await againstBareKoa(bench, target, {
        title: `Read of one Observation of ${ids.length}, by the hospital's system`,
        unit: 'reads',
        requests: ids.map((id) => ({ method: 'GET', path: `${target.base}/Observation/${id}` })),
      }),
    ];
  },
};
