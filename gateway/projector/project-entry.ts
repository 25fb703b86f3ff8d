import type { EntryValue } from '@fhir-fabric-gateway/chaincode/api';
import type { EntryProjection, IndexTransaction } from '../index-store/port.ts';
import { Contradiction } from './contradiction.ts';
import { deriveEntry, type DeriveOptions, type EntryPlace } from './derive-entry.ts';
import type { ProjectorOptions } from './project-block.ts';

/** Puts an entry into the index, or sets it aside when its content says something else than its metadata. */
export async function projectEntry(
  entry: EntryValue,
  place: EntryPlace,
  tx: IndexTransaction,
  resolve: DeriveOptions['resolve'],
  { fhirBase, policyUris, alarm, index }: ProjectorOptions,
): Promise<void> {
  const derived = attempt(() => deriveEntry(entry, place, { fhirBase, policyUris, resolve }));
  if (!(derived instanceof Contradiction)) {
    const byPatient = await isByPatient(entry, index);
    return tx.putEntry({ ...derived, ...(byPatient && { byPatient }) });
  }
  const { type, id, version, patient } = entry;
  const { block, txId } = place;
  const reason = derived.message;
  await tx.quarantine({ type, id, version, reason, block, txId, ...(patient !== undefined && { patient }) });
  alarm(`quarantined: ${reason}`, { block, txId, name: `${type}/${id}` });
}

const PATIENT_WRITES = ['Patient', 'Consent', 'Task', 'Communication'];

/** Whether the record's owner wrote it. */
async function isByPatient(
  { type, patient, author }: EntryValue,
  index: ProjectorOptions['index'],
): Promise<boolean> {
  if (patient === undefined || !PATIENT_WRITES.includes(type)) return false;
  const record = await index.record(patient);
  return record?.owner === author.pseudonym && record.home === author.mspId;
}

function attempt(derive: () => EntryProjection): EntryProjection | Contradiction {
  try {
    return derive();
  } catch (error) {
    if (error instanceof Contradiction) return error;
    throw error;
  }
}
