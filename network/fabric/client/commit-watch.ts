import { backoff, pause } from './backoff.ts';
import type { BlockStatus } from './fabric-client.ts';

/** Where a transaction ended. */
export interface Committed {
  block: number;
  /** Its place in the block. */
  transaction: number;
  /** Fabric's TxValidationCode; 0 is VALID. */
  code: number;
}

export interface Watched {
  outcome: Promise<Committed>;
  /** Stops watching. */
  forget(): void;
}

/**
 * Sees every transaction of every block from the moment it is ready, and tells who waits for one. Whatever was ordered
 * after that and is not seen is not in a block of the own peers yet.
 */
export class CommitWatch {
  readonly #waiting = new Map<string, (committed: Committed) => void>();
  readonly #stop = new AbortController();
  readonly #ready: Promise<void>;
  readonly #running: Promise<void>;

  /** `height`: number of blocks now. `statuses`: blocks from a number on, without end. Both may take their time. */
  constructor(
    height: () => Promise<number>,
    statuses: (from: number, signal: AbortSignal) => AsyncIterable<BlockStatus>,
  ) {
    const ready = Promise.withResolvers<undefined>();
    this.#ready = ready.promise;
    this.#running = this.#run(height, statuses, () => ready.resolve(undefined));
  }

  /** Resolves once nothing that is ordered from now on can be missed; never, while no peer can be reached. */
  ready(): Promise<void> {
    return this.#ready;
  }

  /** To be called before the transaction is ordered. */
  watch(txId: string): Watched {
    const { promise: outcome, resolve } = Promise.withResolvers<Committed>();
    this.#waiting.set(txId, resolve);
    return { outcome, forget: () => this.#waiting.delete(txId) };
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(
    height: () => Promise<number>,
    statuses: (from: number, signal: AbortSignal) => AsyncIterable<BlockStatus>,
    ready: () => void,
  ): Promise<void> {
    const { signal } = this.#stop;
    const from = await this.#whenKnown(height);
    if (from === undefined) return;
    ready();
    for await (const { number, transactions } of statuses(from, signal)) {
      transactions.forEach(({ txId, code }, transaction) => {
        // The first counts: the same envelope, ordered again, is a duplicate and changes nothing.
        this.#waiting.get(txId)?.({ block: number, transaction, code });
        this.#waiting.delete(txId);
      });
    }
  }

  async #whenKnown(height: () => Promise<number>): Promise<number | undefined> {
    const { signal } = this.#stop;
    for (let attempt = 0; !signal.aborted; attempt += 1) {
      try {
        return await height();
      } catch {
        await pause(backoff(attempt), signal);
      }
    }
    return undefined;
  }
}
