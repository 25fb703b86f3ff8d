/**
 * How often rules and records have changed in the index, in memory that its writer's thread and its readers' share: asked
 * before each use of what was read of them, where a statement would cost more than what it saves. Entries change with
 * nearly every block, and say nothing of either.
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

  /** Differs from what it was whenever they have changed; undefined while they are changing. */
  get now(): bigint | undefined {
    const now = Atomics.load(this.#counter, 0);
    return now % 2n === 0n ? now : undefined;
  }
}
