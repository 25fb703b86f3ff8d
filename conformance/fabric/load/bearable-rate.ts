import { setTimeout as delay } from 'node:timers/promises';
import { fateOf } from './attempt.ts';
import { WriteLoad, type WriteLoadOptions } from './write-load.ts';

/** Milliseconds for which a rate is tried, the first ones of which find everything cold. */
const TRIED_FOR = 10_000;
/** Seconds of writes that may be waiting for their answers. */
const WAITING = 2;

/**
 * The rate of writes that the machine bears while nothing is wrong: the one that is asked for or, on a machine that is
 * busy with other things, what is left of it after it was halved as often as needed.
 */
export async function bearableRate(options: WriteLoadOptions): Promise<number> {
  for (let { rate } = options; rate > 1; rate = Math.ceil(rate / 2)) {
    const load = new WriteLoad({ ...options, rate });
    await delay(TRIED_FOR);
    const waiting = load.attempts.filter(({ ended }) => ended === undefined).length;
    await load.stop();
    if (waiting < WAITING * rate && load.attempts.every((each) => fateOf(each) === 'created')) return rate;
  }
  throw new Error('not even two writes a second are borne: something is wrong before anything is broken');
}
