import type { IndexReader } from '../index-store/port.ts';

/** What of an erased record is still on the ledger. */
export interface Leftover {
  patient: string;
  entries: readonly { type: string; id: string; versions: number }[];
  grantees: readonly string[];
}

/** Asks the ledger to purge keys of a record that is erased. Rejects with a LedgerError. */
export type PurgeLeftover = (leftover: Leftover) => Promise<void>;

/**
 * An erasure names the keys that its gateway knew. What this index still has of an erased record afterwards, it has because
 * nobody purged its keys: it came late, say. Asks for their purge, and answers how many records still had some.
 */
export async function purgeLeftovers(
  index: Pick<IndexReader, 'erasedWithKeys' | 'recordKeys'>,
  purge: PurgeLeftover,
): Promise<number> {
  const patients = await index.erasedWithKeys();
  for (const patient of patients) await purge({ patient, ...(await index.recordKeys(patient)) });
  return patients.length;
}
