import type { ReadConnection } from './connection.ts';
import { positionOf } from './position.ts';

interface Waiter {
  block: number;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/** Wakes those who wait for the index to apply a block: when the engine tells of it, and by looking now and then. */
export class PositionWatch {
  readonly #connection: ReadConnection;
  readonly #waiting = new Set<Waiter>();
  #timer: NodeJS.Timeout | undefined;
  #stopListening: (() => Promise<void>) | undefined;
  #closed = false;

  constructor(connection: ReadConnection) {
    this.#connection = connection;
  }

  async waitFor(block: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (this.#closed) throw new Error('The index is closed.');
    this.#stopListening ??= this.#connection.onPosition?.((position) => this.#moved(position));
    let abort: (() => void) | undefined;
    const applied = new Promise<void>((resolve, reject) => {
      const waiter = { block, resolve, reject };
      this.#waiting.add(waiter);
      abort = () => {
        this.#waiting.delete(waiter);
        reject(signal?.reason as Error);
      };
    });
    if (abort) signal?.addEventListener('abort', abort, { once: true });
    this.#timer ??= setInterval(() => void this.#look(), this.#connection.poll);
    void this.#look();
    try {
      await applied;
    } finally {
      if (abort) signal?.removeEventListener('abort', abort);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    for (const { reject } of this.#waiting) reject(new Error('The index was closed.'));
    this.#waiting.clear();
    await this.#stopListening?.();
  }

  /** What can't be read now may be the next time. */
  async #look(): Promise<void> {
    try {
      this.#moved(await positionOf(this.#connection));
    } catch {
      return;
    }
  }

  #moved(position: number): void {
    for (const waiter of this.#waiting) {
      if (waiter.block > position) continue;
      this.#waiting.delete(waiter);
      waiter.resolve();
    }
    if (this.#waiting.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
