import { setTimeout } from 'node:timers/promises';

/** Waits between attempts, each wait twice the one before, from `first` to `most` milliseconds. */
export class Backoff {
  readonly #first: number;
  readonly #most: number;
  #next: number;

  constructor(first: number, most: number) {
    this.#first = first;
    this.#most = most;
    this.#next = first;
  }

  /** What was tried has worked: the next wait is the first again. */
  reset(): void {
    this.#next = this.#first;
  }

  /** Waits; returns at once, without an error, when the signal is aborted. */
  async wait(signal: AbortSignal): Promise<void> {
    const milliseconds = this.#next;
    this.#next = Math.min(this.#most, milliseconds * 2);
    await setTimeout(milliseconds, undefined, { signal }).catch(() => undefined);
  }
}
