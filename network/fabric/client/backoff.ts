import { setTimeout } from 'node:timers/promises';

const FIRST = 25;
const LONGEST = 1000;

/** Milliseconds to wait before the attempt after `attempts` of them: doubling, up to a second, half of it by chance. */
export function backoff(attempts: number): number {
  const whole = Math.min(FIRST * 2 ** Math.min(attempts, 10), LONGEST);
  return whole / 2 + (Math.random() * whole) / 2;
}

/** Waits so long, or until the signal aborts; never rejects. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await setTimeout(milliseconds, undefined, { signal }).catch(() => undefined);
}
