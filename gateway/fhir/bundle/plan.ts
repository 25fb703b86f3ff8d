import type { Command } from '@fhir-fabric-gateway/chaincode/api';
import { assertWriteScope } from '../../consent/scopes.ts';
import { assertMayWrite } from '../../consent/writes.ts';
import type { IndexReader, StoredResource } from '../../index-store/port.ts';
import type { Services } from '../../services.ts';
import { forbidden } from '../errors.ts';
import { judgeUpdate } from '../interactions/update.ts';
import { fullVisibility, seenResource } from '../interactions/visible.ts';
import type { FhirRequest, RequestBody } from '../request.ts';
import { createCommand, deleteCommand, updateCommand } from '../write/commands.ts';
import { criteriaClaim, identifierClaims } from '../write/criteria.ts';
import { assertDraft } from '../write/draft.ts';
import { assertIfMatch } from '../write/if-match.ts';
import { ownersOfTargets } from '../write/owners.ts';
import { prepareWrite } from '../write/prepare.ts';
import { subjectOfNew, subjectOfStored } from '../write/subject.ts';
import type { BundleRequest } from './entries.ts';

/** One write of a transaction, judged, with the command that does it. */
export interface PlannedWrite {
  type: string;
  id: string;
  /** 200 or 201; 204 for a delete. */
  status: 200 | 201 | 204;
  command: Command;
}

/** What the judgement of one entry must know of the others. */
export interface TransactionContext {
  request: FhirRequest;
  services: Services;
  /** The grants as they will be: records opened by this transaction have their first grant. */
  grants: Pick<IndexReader, 'record' | 'rules'>;
  /** `Type/id` → Patient id, of what this transaction writes. */
  owners: Map<string, string>;
  /** Whether conditional creates claim their criteria on the ledger. */
  claimCriteria: boolean;
}

export async function planCreate(
  entry: BundleRequest,
  body: RequestBody,
  type: string,
  id: string,
  { request, services, grants, owners, claimCriteria }: TransactionContext,
): Promise<PlannedWrite> {
  const { principal } = request;
  assertDraft(body, type, services);
  const write = prepareWrite(
    body,
    id,
    services,
    await ownersOfTargets(body.resource, request, services, owners),
  );
  const subject = subjectOfNew(write, services.fhirBase);
  assertWriteScope(principal, 'create', type, subject.patient);
  request.trail.touch(subject.patient, `${type}/${id}`);
  const opensRecord = type === 'Patient' && principal.requester.role === 'system';
  if (!opensRecord) await assertMayWrite(principal, subject, request.now, grants);
  if (subject.patient !== undefined) owners.set(`${type}/${id}`, subject.patient);
  const claims = new Set(identifierClaims(body.resource));
  if (claimCriteria && entry.ifNoneExist !== undefined) {
    claims.add(criteriaClaim(type, entry.ifNoneExist, subject.patient));
  }
  return { type, id, status: 201, command: createCommand(write, principal, services, [...claims]) };
}

export async function planUpdate(
  entry: BundleRequest,
  body: RequestBody,
  type: string,
  id: string,
  { request, services, grants, owners }: TransactionContext,
): Promise<PlannedWrite> {
  assertDraft(body, type, services);
  const { ifMatch: _ifMatch, ...rest } = request;
  const own = { ...rest, ...(entry.ifMatch !== undefined && { ifMatch: entry.ifMatch }) };
  const { write, ...replaced } = await judgeUpdate(own, body, id, services, grants);
  if (write.classification.patient !== undefined) owners.set(`${type}/${id}`, write.classification.patient);
  const command = updateCommand(write, replaced, request.principal, services);
  return { type, id, status: replaced.created ? 201 : 200, command };
}

export async function planDelete(
  entry: BundleRequest,
  type: string,
  id: string,
  { request, services, grants }: TransactionContext,
): Promise<PlannedWrite | StoredResource> {
  const { principal } = request;
  if (type === 'Patient') throw forbidden('A record is erased by a DELETE of its own.');
  const stored = await seenResource(request, fullVisibility(request), type, id, services);
  assertWriteScope(principal, 'delete', type, stored.patient);
  if (stored.deleted) return stored;
  await assertMayWrite(principal, subjectOfStored(stored, principal, services.fhirBase), request.now, grants);
  if (principal.requester.role !== 'patient' && stored.organisation !== principal.identity.mspId) {
    throw forbidden('Only the organisation that wrote it deletes it.');
  }
  assertIfMatch(entry.ifMatch, stored.version);
  return { type, id, status: 204, command: deleteCommand(type, id, stored.version, principal) };
}
