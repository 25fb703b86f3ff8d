import type { EntryValue } from '@fhir-fabric-gateway/chaincode/api';
import type { EntryProjection } from '../index-store/port.ts';
import { Contradiction } from './contradiction.ts';
import { deriveEntry, type DeriveOptions } from './derive-entry.ts';
import type { Place } from './place.ts';
import type { Projection, ProjectorOptions } from './project-block.ts';

/**
 * Puts an entry into the index, or sets it aside when its content says something else than its metadata. When that may be
 * only because what it is judged by is missing, does nothing, and answers the patient of whom something is missing.
 */
export async function judgeEntry(
  entry: EntryValue,
  { block, transaction, txId }: Place & { txId: string },
  resolve: DeriveOptions['resolve'],
  { tx, parking, options }: Projection,
): Promise<string | undefined> {
  const { fhirBase, policyUris, labeller, alarm, index } = options;
  const derived = attempt(() =>
    deriveEntry(entry, { block, transaction, txId }, { fhirBase, policyUris, labeller, resolve }),
  );
  if (!(derived instanceof Contradiction)) {
    const byPatient = await isByPatient(entry, index);
    await tx.putEntry({ ...derived, ...(byPatient && { byPatient }) });
    return undefined;
  }
  const { type, id, version, patient } = entry;
  // Only a Provenance is judged by other entries: its targets say whose it is.
  const judgedByOthers = type === 'Provenance' && patient !== undefined;
  if (judgedByOthers && parking.mayExplain(patient, { block, transaction })) return patient;
  const reason = derived.message;
  await tx.quarantine({ type, id, version, reason, block, txId, ...(patient !== undefined && { patient }) });
  alarm(`quarantined: ${reason}`, { block, txId, name: `${type}/${id}` });
  return undefined;
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
