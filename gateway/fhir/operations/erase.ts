import { LedgerError, type Command } from '@fhir-fabric-gateway/chaincode/api';
import { assertWriteScope } from '../../consent/scopes.ts';
import type { RecordRow } from '../../index-store/port.ts';
import type { Services } from '../../services.ts';
import { FhirError, forbidden, gone, notFound } from '../errors.ts';
import type { FhirRequest, FhirResponse } from '../request.ts';

const CHUNK = 500;

/** The index lags, or the ledger has not answered: it could name too few keys. What is done stays done, and the next DELETE goes on. */
const unfinished = () =>
  new FhirError(
    503,
    { code: 'transient', diagnostics: 'The record is closed, and not erased yet: DELETE it again.' },
    { 'Retry-After': '5' },
  );

/**
 * HR erases a record: it is closed first, so that writes under way fail; then what it holds is purged, in chunks; then
 * it is marked erased. Each step may be done again: an erasure that was interrupted goes on with the next DELETE.
 * Errors: 403 for everyone else, 404 for another organisation's, 410 when it is done already.
 */
export async function eraseRecord(
  request: FhirRequest,
  patient: string,
  services: Services,
): Promise<FhirResponse> {
  const { principal } = request;
  const record = await assertMayErase(request, patient, services);
  const submit = async (erase: NonNullable<Extract<Command, { fn: 'DeleteAsset' }>['erase']>) => {
    const command: Command = { fn: 'DeleteAsset', erase, purpose: principal.purpose };
    const { applied } = await services.ledger
      .submit(principal.identity, [command])
      .catch((error: unknown) => {
        if (error instanceof LedgerError && error.code === 'UNDECIDED') return { applied: false };
        throw error;
      });
    if (!applied) throw unfinished();
  };
  if (record.status === 'open') await submit({ patient, step: 'begin' });
  const { entries, grantees } = await services.index.recordKeys(patient);
  for (let at = 0; at < entries.length; at += CHUNK) {
    await submit({ patient, step: 'purge', entries: entries.slice(at, at + CHUNK) });
  }
  for (let at = 0; at < grantees.length; at += CHUNK) {
    await submit({ patient, step: 'purge', grantees: grantees.slice(at, at + CHUNK) });
  }
  await submit({ patient, step: 'finish' });
  return { status: 204, headers: {} };
}

/** The record that the caller may erase; the errors are those of the erasure. */
export async function assertMayErase(
  request: FhirRequest,
  patient: string,
  services: Services,
): Promise<RecordRow> {
  const { principal } = request;
  assertWriteScope(principal, 'delete', 'Patient', patient);
  if (principal.requester.role !== 'hr') throw forbidden('Only HR erases a record.');
  const record = await services.index.record(patient);
  request.trail.touch(patient, `Patient/${patient}`);
  if (!record || record.home !== principal.identity.mspId) throw notFound(`Patient/${patient}`);
  if (record.status === 'erased') throw gone(`Patient/${patient}`);
  return record;
}
