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

  count(): void {
    Atomics.add(this.#counter, 0, 1n);
  }

  /** Differs from what it was whenever the index has changed. */
  get now(): bigint {
    return Atomics.load(this.#counter, 0);
  }
}
