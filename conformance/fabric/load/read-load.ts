import { setTimeout as delay } from 'node:timers/promises';
import type { Caller } from '../people/caller.ts';

export interface Reader {
  who: string;
  caller: Caller;
  path: string;
}

/** A read and what came of it; times are milliseconds, as `performance.now()` has them. */
export interface Look {
  who: string;
  sent: number;
  /** Undefined when no answer came. */
  status: number | undefined;
  retryAfter: string | null;
}

/** Reads, over and over: each reader a while after the last answer. */
export class ReadLoad {
  readonly looks: Look[] = [];
  readonly #stopped = new AbortController();
  readonly #reading: Promise<unknown>;

  constructor(readers: readonly Reader[], pause = 200) {
    this.#reading = Promise.all(readers.map((reader) => this.#read(reader, pause)));
  }

  /** The looks of one reader that were sent in this time. */
  of(who: string, from = 0, to = Infinity): Look[] {
    return this.looks.filter((look) => look.who === who && look.sent >= from && look.sent < to);
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#reading;
  }

  async #read({ who, caller, path }: Reader, pause: number): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      const sent = performance.now();
      // Once more, should the server just have closed the connection.
      const answer = await caller.get(path).catch(() => caller.get(path).catch(() => undefined));
      const retryAfter = answer?.headers.get('retry-after') ?? null;
      this.looks.push({ who, sent, status: answer?.status, retryAfter });
      await delay(pause);
    }
  }
}
