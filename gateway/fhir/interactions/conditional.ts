import { LedgerError } from '@fhir-fabric-gateway/chaincode/api';
import { assertWriteScope } from '../../consent/scopes.ts';
import type { StoredResource } from '../../index-store/port.ts';
import type { Services } from '../../services.ts';
import { FhirError, badRequest, notFound } from '../errors.ts';
import { formatQuery } from '../http/query.ts';
import type { FhirRequest, FhirResponse } from '../request.ts';
import { matchOne } from '../write/conditional.ts';
import { assertDraft, mapBody } from '../write/draft.ts';
import { assertIfMatch } from '../write/if-match.ts';
import { create } from './create.ts';
import { remove } from './delete.ts';
import { patch } from './patch.ts';
import { update } from './update.ts';

/** The criteria in a conditional write's URL. Throws 400 when there are none. */
export function criteriaOf({ query, type = '' }: FhirRequest): string {
  const criteria = query.filter(([name]) => !['_format', '_pretty'].includes(name));
  if (criteria.length === 0)
    throw badRequest(`Name the resource, ${type}/[id], or search criteria that it matches.`);
  return formatQuery(criteria);
}

/**
 * https://hl7.org/fhir/R4/http.html#cond-update: updates the one that matches among those that the caller may search, or
 * creates one; 412 when several match. Of many at once that find nothing one creates, and the others update that.
 */
export async function conditionalUpdate(request: FhirRequest, services: Services): Promise<FhirResponse> {
  const { type = '' } = request;
  const criteria = criteriaOf(request);
  const { resource } = assertDraft(request.body, type, services);
  assertWriteScope(request.principal, 'update', type);
  const given = resource['id'];
  const match = await matchOne(request, type, criteria, services);
  if (match) return updateMatch(request, match, services);
  assertIfMatch(request.ifMatch, undefined);
  // What is there under this id does not match, or is not to be seen: it is not what the criteria mean.
  if (typeof given === 'string')
    return update({ ...request, id: given, ifNoneExist: criteria, ifNoneMatch: '*' }, services);
  const { status, ...rest } = await create({ ...request, ifNoneExist: criteria }, services);
  if (status !== 200) return { status, ...rest };
  // Another has created it meanwhile: that is what is to be updated.
  const other = await matchOne(request, type, criteria, services);
  if (!other) throw new LedgerError('CONFLICT');
  return updateMatch(request, other, services);
}

/** Updates the resource that the criteria found; a body that names another is refused. */
function updateMatch(
  request: FhirRequest,
  { type, id }: StoredResource,
  services: Services,
): Promise<FhirResponse> {
  const { body } = request;
  const given = body?.resource['id'];
  if (given !== undefined && given !== id)
    throw badRequest('The body names another resource than the criteria find.', `${type}.id`);
  const named = body && mapBody(body, (resource) => ({ ...resource, id }));
  return update({ ...request, id, ...(named && { body: named }) }, services);
}

/** https://hl7.org/fhir/R4/http.html#3.1.0.7.1: deletes the one that matches; 204 when none does, 412 when several do. */
export async function conditionalDelete(request: FhirRequest, services: Services): Promise<FhirResponse> {
  const { type = '' } = request;
  if (type === 'Patient')
    throw new FhirError(400, {
      code: 'not-supported',
      diagnostics: 'A record is erased by the id of its Patient, not by criteria.',
    });
  const criteria = criteriaOf(request);
  assertWriteScope(request.principal, 'delete', type);
  const match = await matchOne(request, type, criteria, services);
  return match ? remove({ ...request, id: match.id }, services) : { status: 204, headers: {} };
}

/** https://hl7.org/fhir/R4/http.html#concurrency: patches the one that matches; 404 when none does, 412 when several do. */
export async function conditionalPatch(request: FhirRequest, services: Services): Promise<FhirResponse> {
  const { type = '' } = request;
  const criteria = criteriaOf(request);
  assertWriteScope(request.principal, 'update', type);
  const match = await matchOne(request, type, criteria, services);
  if (!match) throw notFound(`${type}?${criteria}`);
  return patch({ ...request, id: match.id }, services);
}
