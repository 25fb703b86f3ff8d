import { setTimeout } from 'node:timers/promises';
import { LAB, TWO_GATEWAYS } from './target.ts';
import type { Answer } from './answer.ts';
import type { Session } from './session.ts';

/** Milliseconds that one gateway has to show what was done at the other. */
const PATIENCE = 120_000;
const LOOK_EVERY = 50;

/**
 * What is asked at one gateway about what was done at the other: the first answer that is `good`, or the last one that
 * came in time, for the test to judge. With one gateway it asks once: there nothing has to be waited for.
 */
export async function eventually<T>(ask: () => Promise<T>, good: (answer: T) => boolean): Promise<T> {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const answer = await ask();
    if (!TWO_GATEWAYS || good(answer) || Date.now() > end) return answer;
    await setTimeout(LOOK_EVERY);
  }
}

/** The status of a request, once it is the one that it should come to. */
export async function statusOf(ask: () => Promise<Answer>, wanted: number): Promise<number> {
  return (await eventually(ask, ({ status }) => status === wanted)).status;
}

/** Whether somebody's gateway is another than the hospital's, where the patients are. */
export const isElsewhere = ({ target }: Session): boolean => TWO_GATEWAYS && target === LAB;
