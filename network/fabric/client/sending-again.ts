/**
 * Whether an envelope that an orderer has taken, and that is in no block yet, is sent again. On a network that is slow
 * all of them wait, and sending all again would make it slower: each is one more transaction to validate, and a peer may
 * look for the private data of a duplicate until its time is over. So one is taken for lost once another that was taken
 * after it is in a block; while none is, a single one at a time is sent to find out.
 */
export class SendingAgain {
  readonly #interval: number;
  #taken = 0;
  /** The last of those taken that is in a block. */
  #committed = 0;
  #triedAt = -Infinity;

  /** `interval`: milliseconds between two that are sent to find out. */
  constructor(interval: number) {
    this.#interval = interval;
  }

  /** An orderer has taken an envelope: which of them it is. */
  taken(): number {
    this.#taken += 1;
    return this.#taken;
  }

  committed(which: number): void {
    this.#committed = Math.max(this.#committed, which);
  }

  may(which: number, now = performance.now()): boolean {
    if (which < this.#committed) return true;
    if (now - this.#triedAt < this.#interval) return false;
    this.#triedAt = now;
    return true;
  }
}
