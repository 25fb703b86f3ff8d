import type { Command } from '@fhir-fabric-gateway/chaincode/api';
import type { IndexReader, StoredResource } from '../../index-store/port.ts';
import type { Services } from '../../services.ts';
import { forbidden } from '../errors.ts';
import { judgeCreate } from '../interactions/create.ts';
import { judgeDelete } from '../interactions/delete.ts';
import { judgePatch } from '../interactions/patch.ts';
import { judgeUpdate } from '../interactions/update.ts';
import type { FhirRequest, RequestBody } from '../request.ts';
import { createCommand, deleteCommand, updateCommand } from '../write/commands.ts';
import { criteriaClaim, identifierClaims } from '../write/criteria.ts';
import { assertDraft } from '../write/draft.ts';
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
  assertDraft(body, type, services);
  const write = await judgeCreate(request, body, id, services, grants, owners);
  const { patient } = write.classification;
  if (patient !== undefined) owners.set(`${type}/${id}`, patient);
  const claims = new Set(identifierClaims(body.resource));
  if (claimCriteria && entry.ifNoneExist !== undefined) {
    claims.add(criteriaClaim(type, entry.ifNoneExist, patient));
  }
  return { type, id, status: 201, command: createCommand(write, request.principal, services, [...claims]) };
}

export async function planUpdate(
  entry: BundleRequest,
  body: RequestBody,
  type: string,
  id: string,
  { request, services, grants, owners, claimCriteria }: TransactionContext,
): Promise<PlannedWrite> {
  assertDraft(body, type, services);
  const asked = asRequest(entry, request);
  if (!claimCriteria) delete asked.ifNoneExist;
  const { write, ...replaced } = await judgeUpdate(asked, body, id, services, grants);
  if (write.classification.patient !== undefined) owners.set(`${type}/${id}`, write.classification.patient);
  const command = updateCommand(write, replaced, request.principal, services);
  return { type, id, status: replaced.created ? 201 : 200, command };
}

export async function planPatch(
  entry: BundleRequest,
  body: RequestBody | undefined,
  type: string,
  id: string,
  { request, services, grants }: TransactionContext,
): Promise<PlannedWrite> {
  const { jsonPatch } = entry;
  const asked = { ...asRequest(entry, request), type, id };
  delete asked.body;
  const { write, ...replaced } = await judgePatch(
    { ...asked, ...(jsonPatch ? { jsonPatch } : body && { body }) },
    id,
    services,
    grants,
  );
  const command = updateCommand(write, replaced, request.principal, services);
  return { type, id, status: 200, command };
}

export async function planDelete(
  entry: BundleRequest,
  type: string,
  id: string,
  { request, services, grants }: TransactionContext,
): Promise<PlannedWrite | StoredResource> {
  if (type === 'Patient') throw forbidden('A record is erased by a DELETE of its own.');
  const stored = await judgeDelete(asRequest(entry, request), type, id, services, grants);
  if (stored.deleted) return stored;
  return { type, id, status: 204, command: deleteCommand(type, id, stored.version, request.principal) };
}

/** The transaction's request with the entry's own conditions. */
function asRequest({ ifMatch, ifNoneMatch, ifNoneExist }: BundleRequest, request: FhirRequest): FhirRequest {
  const { ifMatch: _ifMatch, ifNoneMatch: _ifNoneMatch, ifNoneExist: _ifNoneExist, ...rest } = request;
  return {
    ...rest,
    ...(ifMatch !== undefined && { ifMatch }),
    ...(ifNoneMatch !== undefined && { ifNoneMatch }),
    ...(ifNoneExist !== undefined && { ifNoneExist }),
  };
}
