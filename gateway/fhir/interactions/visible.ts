import { readFilters } from '../../consent/scopes.ts';
import { coversAllOf, type Visibility } from '../../consent/visibility.ts';
import type { StoredResource } from '../../index-store/port.ts';
import type { Services } from '../../services.ts';
import { consentRequired, gone, notFound } from '../errors.ts';
import type { FhirRequest } from '../request.ts';

/**
 * What the request's token may read or search. Throws 403 when its scopes cover nothing of one of the types, or, with no
 * types, nothing at all.
 */
export function visibilityOf(
  request: FhirRequest,
  permission: 'read' | 'search',
  ...types: string[]
): Visibility {
  const { principal, now } = request;
  return { principal, now, ...readFilters(principal, permission, types) };
}

/** What the caller may see whatever the token's read scopes: for judging a write. */
export function fullVisibility(request: FhirRequest): Visibility {
  return { principal: request.principal, now: request.now, scopes: [{ type: '*' }] };
}

/**
 * How "there is nothing that you may see" is said: as if it did not exist, save a Patient to staff and systems whose token
 * is not confined to others.
 */
async function refuseUnseen(
  request: FhirRequest,
  { scopes }: Visibility,
  type: string,
  id: string,
  services: Services,
): Promise<never> {
  const { role } = request.principal.requester;
  if (type === 'Patient') {
    const record = await services.index.record(id);
    if (role === 'hr' && record?.status === 'erased' && record.home === request.principal.identity.mspId) {
      throw gone(`Patient/${id}`);
    }
    const staff = role === 'doctor' || role === 'lab' || role === 'system';
    if (staff && record?.status === 'open' && coversAllOf(scopes, 'Patient', id)) throw consentRequired();
  }
  throw notFound(`${type}/${id}`);
}

/** The current version if the caller may see it, tombstones included; else the refusal. Leaves its trace in the trail. */
export async function seenResource(
  request: FhirRequest,
  visibility: Visibility,
  type: string,
  id: string,
  services: Services,
): Promise<StoredResource> {
  const found = await services.index.seen(visibility, type, id);
  if (!found) {
    if (type === 'Patient') request.trail.touch(id, `Patient/${id}`);
    return refuseUnseen(request, visibility, type, id, services);
  }
  const { resource, seen } = found;
  request.trail.touch(resource.patient, `${type}/${id}/_history/${resource.version}`);
  if (seen) return resource;
  return refuseUnseen(request, visibility, type, id, services);
}
