import { assertWriteScope } from '../../consent/scopes.ts';
import { assertMayWrite } from '../../consent/writes.ts';
import type { IndexReader, StoredResource } from '../../index-store/port.ts';
import type { Services } from '../../services.ts';
import { forbidden } from '../errors.ts';
import { eraseRecord } from '../operations/erase.ts';
import type { FhirRequest, FhirResponse } from '../request.ts';
import { deleteCommand } from '../write/commands.ts';
import { assertIfMatch } from '../write/if-match.ts';
import { subjectOfStored } from '../write/subject.ts';
import { retryWhenStale, submitOne } from '../write/submit.ts';
import { etag } from './respond.ts';
import { fullVisibility, seenResource } from './visible.ts';

/**
 * https://hl7.org/fhir/R4/http.html#delete: leaves a tombstone, and the versions before it in the history. DELETE of a
 * Patient is another thing: HR erases the whole record.
 */
export async function remove(request: FhirRequest, services: Services): Promise<FhirResponse> {
  const { type = '', id = '', principal } = request;
  if (type === 'Patient') return eraseRecord(request, id, services);
  return retryWhenStale(async () => {
    const stored = await judgeDelete(request, type, id, services);
    if (stored.deleted) return { status: 204, headers: { ETag: etag(stored.version) } };
    const command = deleteCommand(type, id, stored.version, principal);
    const tombstone = await submitOne(principal, command, { type, id }, services);
    return { status: 204, headers: { ETag: etag(tombstone.version) } };
  });
}

/**
 * Everything that a delete must pass before it goes to the ledger; answers the version that it replaces, which may be
 * deleted already. In a transaction `grants` are those that it leaves.
 */
export async function judgeDelete(
  request: FhirRequest,
  type: string,
  id: string,
  services: Services,
  grants: Pick<IndexReader, 'record' | 'rules'> = services.index,
): Promise<StoredResource> {
  const { principal, now } = request;
  const stored = await seenResource(request, fullVisibility(request), type, id, services);
  assertWriteScope(principal, 'delete', type, stored.patient);
  if (stored.deleted) return stored;
  await assertMayWrite(principal, subjectOfStored(stored, principal), now, grants);
  if (principal.requester.role !== 'patient' && stored.organisation !== principal.identity.mspId) {
    throw forbidden('Only the organisation that wrote it deletes it.');
  }
  assertIfMatch(request.ifMatch, stored.version);
  return stored;
}
