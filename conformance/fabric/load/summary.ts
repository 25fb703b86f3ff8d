import { fateOf, type Attempt } from './attempt.ts';

/** What happened to the writes around one fault. */
export interface Summary {
  offered: number;
  created: number;
  accepted: number;
  unavailable: number;
  unanswered: number;
  other: number;
  /** The longest time without a success, seconds. */
  gap: number;
  /** From the repair, or from the fault where nothing had to be repaired, until all writes succeeded again; seconds. */
  recovery: number;
}

/** Of attempts from the fault on; times as `performance.now()` has them. */
export function summaryOf(attempts: readonly Attempt[], fault: number, repaired: number): Summary {
  const count = (fate: ReturnType<typeof fateOf>) => attempts.filter((each) => fateOf(each) === fate).length;
  const troubled = attempts.filter((each) => fateOf(each) !== 'created');
  return {
    offered: attempts.length,
    created: count('created'),
    accepted: count('accepted'),
    unavailable: count('unavailable'),
    unanswered: count('unanswered'),
    other: count('other'),
    gap: longestGap(attempts, fault) / 1000,
    recovery: Math.max(0, (troubled.at(-1)?.due ?? 0) - repaired) / 1000,
  };
}

function longestGap(attempts: readonly Attempt[], from: number): number {
  const successes = attempts
    .filter((each) => fateOf(each) === 'created')
    .map(({ ended = 0 }) => ended)
    .sort((a, b) => a - b);
  let longest = 0;
  let last = from;
  for (const success of successes) {
    longest = Math.max(longest, success - last);
    last = Math.max(last, success);
  }
  return longest;
}

/** How many there are of each kind. */
export function tally<T>(items: readonly T[], kind: (item: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[kind(item)] = (counts[kind(item)] ?? 0) + 1;
  return counts;
}
