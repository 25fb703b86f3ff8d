/** What one transaction and one block may carry. Fabric's gRPC messages end at 100 MB, private data included. */
export interface Limits {
  /** Transient data, and likewise what is written, of one transaction. The contract's own limit is below. */
  transactionBytes: number;
  /** Transient data of all transactions of one block; what is above waits for the next. */
  blockBytes: number;
  blockTransactions: number;
  /** Lone commands of one identity that share a transaction, and the bytes of their arguments. */
  coalescedCommands: number;
  coalescedBytes: number;
  /** How often commands are endorsed again after a cause that passes (a conflict, data that is not there yet). */
  attempts: number;
}

export const DEFAULT_LIMITS: Limits = {
  transactionBytes: 64 << 20,
  blockBytes: 64 << 20,
  blockTransactions: 500,
  coalescedCommands: 100,
  coalescedBytes: 4 << 20,
  attempts: 12,
};
