/** Lets each caller through `burst` times at once and then `perMinute` times a minute (a token bucket). */
export class Throttle {
  readonly #burst: number;
  readonly #perMs: number;
  readonly #buckets = new Map<string, { left: number; at: number }>();

  constructor({ burst, perMinute }: { burst: number; perMinute: number }) {
    this.#burst = burst;
    this.#perMs = perMinute / 60_000;
  }

  /** Takes one; answers 0, or the milliseconds until there is one again. `now` in milliseconds. */
  take(caller: string, now: number): number {
    if (this.#buckets.size > 10_000) this.#forgetFull(now);
    const bucket = this.#buckets.get(caller) ?? { left: this.#burst, at: now };
    const left = Math.min(this.#burst, bucket.left + (now - bucket.at) * this.#perMs);
    this.#buckets.set(caller, { left: left < 1 ? left : left - 1, at: now });
    return left < 1 ? (1 - left) / this.#perMs : 0;
  }

  #forgetFull(now: number): void {
    for (const [caller, { left, at }] of this.#buckets) {
      if (left + (now - at) * this.#perMs >= this.#burst) this.#buckets.delete(caller);
    }
  }
}
