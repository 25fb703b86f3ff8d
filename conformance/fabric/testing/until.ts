import { setTimeout as delay } from 'node:timers/promises';

const POLL = 100;
/** Milliseconds; the machine may be busy. */
const PATIENCE = 120_000;

/** Waits until `look` finds something, and answers it. Rejects, naming what was waited for, when it does not come. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
  patience = PATIENCE,
): Promise<T> {
  for (const deadline = performance.now() + patience; ; await delay(POLL)) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > deadline) throw new Error(`waited ${patience / 1000} s in vain until ${what}`);
  }
}
