import type { Bounds } from '../submit/coalesce.ts';

/** What one transaction and one block may carry. */
export interface Limits extends Bounds {
  /** Transient data, and likewise what is written, of one transaction. The contract's own limit is below. */
  transactionBytes: number;
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
