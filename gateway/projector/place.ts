/** A transaction's place in the ledger's order. */
export interface Place {
  block: number;
  /** The transaction's place in its block. */
  transaction: number;
}

/** Whether `a` comes before `b`. */
export const isBefore = (a: Place, b: Place): boolean =>
  a.block < b.block || (a.block === b.block && a.transaction < b.transaction);
