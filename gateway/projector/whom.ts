import type { LedgerTransaction } from '@fhir-fabric-gateway/chaincode/api';
import type { IndexTransaction } from '../index-store/port.ts';
import { patientOfKey } from './key-names.ts';
import type { Parking } from './parking.ts';

/**
 * Patients whose records the missing writes of a transaction may be about, as far as its key hashes tell: every command on
 * a record reads `record/<patient>`. None: of no record that is here (it opens one, or writes to the directory).
 * Undefined: it may be any.
 */
export async function whomItMayConcern(
  transaction: LedgerTransaction,
  tx: Pick<IndexTransaction, 'keyOf'>,
  parking: Pick<Parking, 'whomUnder'>,
): Promise<string[] | undefined> {
  const { reads, writes } = transaction;
  if (reads === undefined) return undefined;
  const patients = new Set<string>();
  for (const keyHash of new Set([...reads, ...writes.map((write) => write.keyHash)])) {
    const known = await tx.keyOf(keyHash);
    const patient = known && patientOfKey(known.name);
    if (patient !== undefined) patients.add(patient);
    const parked = known ? null : parking.whomUnder(keyHash);
    if (parked === undefined) return undefined;
    for (const one of parked ?? []) patients.add(one);
  }
  return [...patients];
}
