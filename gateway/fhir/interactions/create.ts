import { LedgerError } from '@fhir-fabric-gateway/chaincode/api';
import { assertWriteScope } from '../../consent/scopes.ts';
import { assertMayWrite } from '../../consent/writes.ts';
import type { IndexReader } from '../../index-store/port.ts';
import type { Services } from '../../services.ts';
import type { FhirRequest, FhirResponse, RequestBody } from '../request.ts';
import { createCommand } from '../write/commands.ts';
import { matchOne } from '../write/conditional.ts';
import { criteriaClaim, identifierClaims } from '../write/criteria.ts';
import { assertDraft } from '../write/draft.ts';
import { ownersOfTargets } from '../write/owners.ts';
import { prepareWrite, type PreparedWrite } from '../write/prepare.ts';
import { subjectOfNew } from '../write/subject.ts';
import { submitOne } from '../write/submit.ts';
import { respondToWrite } from './respond.ts';

/**
 * https://hl7.org/fhir/R4/http.html#create and #ccreate. Conditional creates claim their criteria on the ledger, so that
 * of many at once one creates and the others find it.
 */
export async function create(request: FhirRequest, services: Services): Promise<FhirResponse> {
  const { type = '', principal, ifNoneExist } = request;
  const body = assertDraft(request.body, type, services);
  assertWriteScope(principal, 'create', type);
  const existing =
    ifNoneExist === undefined ? undefined : await matchOne(request, type, ifNoneExist, services);
  if (existing) return respondToWrite(existing, 200, request, services);

  const write = await judgeCreate(request, body, services.newId(), services);
  const identifiers = identifierClaims(body.resource);
  const submit = (claims: readonly string[]) =>
    submitOne(principal, createCommand(write, principal, services, claims), write, services, {
      trail: request.trail,
      status: 201,
    });
  if (ifNoneExist === undefined) return respondToWrite(await submit(identifiers), 201, request, services);
  try {
    const criteria = criteriaClaim(type, ifNoneExist, write.classification.patient);
    const stored = await submit([...new Set([...identifiers, criteria])]);
    return respondToWrite(stored, 201, request, services);
  } catch (error) {
    if (!(error instanceof LedgerError) || error.code !== 'NOT_UNIQUE') throw error;
    const other = await matchOne(request, type, ifNoneExist, services);
    if (other) return respondToWrite(other, 200, request, services);
    // Who holds the criteria does not match them, or is hidden from the caller: for the caller nothing matches.
    return respondToWrite(await submit(identifiers), 201, request, services);
  }
}

/**
 * Everything that a create must pass before it goes to the ledger. In a transaction `grants` are those that it leaves,
 * and `owners` the Patient ids of what it writes besides (`Type/id`).
 */
export async function judgeCreate(
  request: FhirRequest,
  body: RequestBody,
  id: string,
  services: Services,
  grants: Pick<IndexReader, 'record' | 'rules'> = services.index,
  owners?: ReadonlyMap<string, string>,
): Promise<PreparedWrite> {
  const { principal, trail, now } = request;
  const { resourceType: type } = body.resource;
  const write = prepareWrite(
    body,
    id,
    services,
    await ownersOfTargets(body.resource, request, services, owners),
  );
  const subject = subjectOfNew(write);
  assertWriteScope(principal, 'create', type, subject.patient);
  trail.touch(subject.patient, `${type}/${id}`);
  const opensRecord = type === 'Patient' && principal.requester.role === 'system';
  if (!opensRecord) await assertMayWrite(principal, subject, now, grants);
  return write;
}
