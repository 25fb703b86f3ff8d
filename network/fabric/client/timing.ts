/** How long things are waited for, in milliseconds. */
export interface Timing {
  /**
   * How long a submission may wait until it is committed before its caller is told that it could not be done, or is
   * undecided. One that is ordered late has a third of it all the same.
   */
  patience: number;
  /** After which a transaction that an orderer has taken, and is in no block, is sent again; each time doubled. */
  sendAgainAfter: number;
  /** How long closing waits for transactions that were ordered. */
  closeWithin: number;
}

/** With endorsing, looking up and the index an answer takes a minute or so at worst: see ADR 16. */
export const DEFAULT_TIMING: Timing = { patience: 25_000, sendAgainAfter: 5000, closeWithin: 10_000 };
