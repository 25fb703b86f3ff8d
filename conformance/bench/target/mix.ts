import type { LoadRequest } from '../load/job.ts';
import { observationCreates } from './creates.ts';
import type { Target } from './target.ts';

/** Of twenty requests: reads, searches, and the rest creates. */
export const OF_TWENTY = { reads: 14, searches: 5 };

/** What a ward's day is: reads of Observations, searches for a patient's newest, now and then a create. */
export function mixOf(
  target: Target,
  { patients, ids }: { patients: readonly string[]; ids: readonly string[] },
): LoadRequest[] {
  return observationCreates(target, patients).flatMap((create, round): LoadRequest[] => [
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
}
