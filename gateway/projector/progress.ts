/** Resolves once the index has applied a block, whoever applies it; rejects when the signal is aborted, or it can't tell. */
export type AppliedElsewhere = (block: number, signal: AbortSignal) => Promise<void>;

interface Waiter {
  block: number;
  done: (came: boolean) => void;
}

/**
 * The last block that the index has applied, as far as this process knows. Whoever waits for one is told at once when it
 * is applied here; `elsewhere` tells of what another process applies.
 */
export class Progress {
  readonly #elsewhere: AppliedElsewhere | undefined;
  readonly #waiting = new Set<Waiter>();
  #applied = -1;
  #closed = false;

  constructor(elsewhere?: AppliedElsewhere) {
    this.#elsewhere = elsewhere;
  }

  /** The index has applied this block. */
  reached(block: number): void {
    if (block <= this.#applied) return;
    this.#applied = block;
    for (const waiter of this.#waiting) if (waiter.block <= block) waiter.done(true);
  }

  /**
   * Whether the index applies this block within so many milliseconds: true as soon as it has. Without a time it waits until
   * then, or until `close`.
   */
  came(block: number, within?: number): Promise<boolean> {
    if (block <= this.#applied) return Promise.resolve(true);
    if (this.#closed) return Promise.resolve(false);
    return new Promise((resolve) => {
      const asked = this.#elsewhere && new AbortController();
      const timer = within === undefined ? undefined : setTimeout(() => waiter.done(false), within);
      const waiter: Waiter = {
        block,
        done: (came) => {
          this.#waiting.delete(waiter);
          clearTimeout(timer);
          asked?.abort();
          resolve(came);
        },
      };
      this.#waiting.add(waiter);
      if (asked) void this.#hear(block, asked.signal);
    });
  }

  async #hear(block: number, signal: AbortSignal): Promise<void> {
    try {
      await this.#elsewhere?.(block, signal);
      this.reached(block);
    } catch {
      // Nobody waits any more, or it can't be told: then time tells.
    }
  }

  /** Nobody waits any longer. */
  close(): void {
    this.#closed = true;
    for (const waiter of this.#waiting) waiter.done(false);
  }
}
