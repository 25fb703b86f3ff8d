import { remember } from './remember.ts';

/** Attempts that an address has at once. */
const BURST = 50;
/** Milliseconds after which it has one more. */
const ONE_MORE = 5_000;

/** How many attempts an address has left (a token bucket): they come back one by one, and not all at once after a while. */
export class AttemptBudget {
  readonly #buckets = new Map<string, { left: number; at: number }>();

  /** Milliseconds until the address has an attempt; 0 when it has one now. `now` in milliseconds. */
  wait(address: string, now: number): number {
    const left = this.#left(address, now);
    return left >= 1 ? 0 : Math.ceil((1 - left) * ONE_MORE);
  }

  /** Takes an attempt, if there is one. */
  take(address: string, now: number): void {
    this.#set(address, Math.max(0, this.#left(address, now) - 1), now);
  }

  giveBack(address: string, attempts: number, now: number): void {
    this.#set(address, Math.min(BURST, this.#left(address, now) + attempts), now);
  }

  #left(address: string, now: number): number {
    const bucket = this.#buckets.get(address);
    return bucket ? Math.min(BURST, bucket.left + (now - bucket.at) / ONE_MORE) : BURST;
  }

  #set(address: string, left: number, now: number): void {
    remember(this.#buckets, address, { left, at: now });
  }
}
