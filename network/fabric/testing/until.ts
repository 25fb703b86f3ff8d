import { setTimeout as delay } from 'node:timers/promises';

const LIMIT = 120_000;
const POLL = 200;

/** Resolves once the condition holds; rejects after two minutes. */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + LIMIT;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not within ${LIMIT / 1000} s: ${condition}`);
    await delay(POLL);
  }
}
