import type { Scenario } from '../bench.ts';
import type { LoadRequest } from '../load/job.ts';
import { observationCreates } from '../target/creates.ts';
import { againstBareKoa } from './against-bare-koa.ts';
import { filledGateway } from './filled.ts';

/** Observations of each record. */
const EACH = 20;
/** Of twenty requests: reads, searches, and the rest creates. */
const OF_TWENTY = { reads: 14, searches: 5 };

/** What a ward's day is: mostly reads, some searches, now and then a write. */
export const mixed: Scenario = {
  about: 'fourteen reads and five searches to one create, beside a bare Koa server that sends the same bytes',
  async run(bench) {
    const { target, patients, ids } = await filledGateway(bench, EACH);
    const creates = observationCreates(target, patients);
    const requests = creates.flatMap((create, round): LoadRequest[] => [
      ...Array.from({ length: OF_TWENTY.reads }, (_, at): LoadRequest => {
        const id = ids[(round * OF_TWENTY.reads + at) % ids.length] ?? '';
        return { method: 'GET', path: `${target.base}/Observation/${id}` };
      }),
      ...Array.from({ length: OF_TWENTY.searches }, (_, at): LoadRequest => {
        const patient = patients[(round + at) % patients.length] ?? '';
        return { method: 'GET', path: `${target.base}/Observation?patient=${patient}&_sort=-date&_count=20` };
      }),
      create,
    ]);
    return [
      await againstBareKoa(bench, target, {
        title: `Reads, searches and creates (${OF_TWENTY.reads} : ${OF_TWENTY.searches} : 1) in ${patients.length} records`,
        unit: 'requests',
        requests,
      }),
    ];
  },
};
