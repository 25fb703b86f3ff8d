/**
 * How often the index has changed, in memory that its writer's thread and its readers' share: asked before each read, where
 * a statement would cost more than what it saves.
 */
export class Changes {
  /** What is handed from thread to thread. */
  readonly shared: SharedArrayBuffer;
  readonly #counter: BigInt64Array;

  constructor(shared = new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT)) {
    this.shared = shared;
    this.#counter = new BigInt64Array(shared);
  }

  /** Something is about to be committed: what was read before may be older than what is read now, until `changed`. */
  changing(): void {
    Atomics.add(this.#counter, 0, 1n);
  }

  /** It is committed, or has failed. */
  changed(): void {
    Atomics.add(this.#counter, 0, 1n);
  }

  /** Differs from what it was whenever the index has changed; undefined while it is changing. */
  get now(): bigint | undefined {
    const now = Atomics.load(this.#counter, 0);
    return now % 2n === 0n ? now : undefined;
  }
}
