import { fateOf } from './attempt.ts';
import type { WriteLoad } from './write-load.ts';

/** Milliseconds without a failure. */
const WELL = 3000;

/** Whether no write has failed for a while, and at each place one has succeeded that was offered since. */
export const isWell = (writes: WriteLoad, places: readonly string[], since: number): true | undefined => {
  const from = Math.max(since, writes.lastTrouble(places));
  const everywhere = places.every((place) =>
    writes.attempts.some((each) => each.at === place && each.due > from && fateOf(each) === 'created'),
  );
  return performance.now() - from > WELL && everywhere ? true : undefined;
};
