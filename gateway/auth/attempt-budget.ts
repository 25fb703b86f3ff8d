/** Attempts that an address has at once. */
const BURST = 50;
/** Milliseconds after which it has one more. */
const ONE_MORE = 5_000;

/** How many attempts an address had left at a moment (milliseconds since 1970). */
export interface Bucket {
  left: number;
  at: number;
}

/** Milliseconds until a bucket that nobody takes from is full, as one that was never used. */
export const REFILL = BURST * ONE_MORE;

/** How many attempts an address has left (a token bucket): they come back one by one, and not all at once after a while. */
const leftAt = (bucket: Bucket | undefined, now: number): number =>
  bucket ? Math.min(BURST, bucket.left + (now - bucket.at) / ONE_MORE) : BURST;

/** Milliseconds until the address has an attempt; 0 when it has one now. */
export function untilAttempt(bucket: Bucket | undefined, now: number): number {
  const left = leftAt(bucket, now);
  return left >= 1 ? 0 : Math.ceil((1 - left) * ONE_MORE);
}

/** The bucket with an attempt taken out of it, if there was one. */
export const take = (bucket: Bucket | undefined, now: number): Bucket => ({
  left: Math.max(0, leftAt(bucket, now) - 1),
  at: now,
});

/** The bucket with attempts given back. */
export const giveBack = (bucket: Bucket | undefined, attempts: number, now: number): Bucket => ({
  left: Math.min(BURST, leftAt(bucket, now) + attempts),
  at: now,
});
