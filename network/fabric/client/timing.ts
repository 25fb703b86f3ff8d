/** How long things are waited for, in milliseconds. */
export interface Timing {
  /**
   * How long a submission may wait until it is endorsed, and again until it is committed, before its caller is told that
   * it could not be done, or is undecided.
   */
  patience: number;
  /** After which a transaction that an orderer has taken, and is in no block, is sent again; each time doubled. */
  sendAgainAfter: number;
  /** How long closing waits for transactions that were ordered. */
  closeWithin: number;
}

/** As long as the gateway gives its index to apply a block: nobody waits longer for the ledger than for that. */
export const DEFAULT_TIMING: Timing = { patience: 30_000, sendAgainAfter: 5000, closeWithin: 10_000 };
