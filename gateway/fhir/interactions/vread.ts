import { assertRoleMayRead } from '../../consent/roles.ts';
import type { Services } from '../../services.ts';
import { gone, notFound } from '../errors.ts';
import type { FhirRequest, FhirResponse } from '../request.ts';
import { respondWithResource } from './respond.ts';
import { seenResource, visibilityOf } from './visible.ts';

/** https://hl7.org/fhir/R4/http.html#vread: a version is seen by whoever sees both it and the current one. */
export async function vread(request: FhirRequest, services: Services): Promise<FhirResponse> {
  const { type = '', id = '', version = '' } = request;
  assertRoleMayRead(request.principal.requester.role, type);
  const visibility = visibilityOf(request, 'read', type);
  const current = await seenResource(request, visibility, type, id, services);
  const name = `${type}/${id}/_history/${version}`;
  if (!/^[1-9][0-9]{0,8}$/.test(version)) throw notFound(name);
  const stored = await services.index.getVersion(type, id, Number(version));
  if (!stored || !(await services.index.sees(visibility, stored))) throw notFound(name);
  request.trail.touch(current.patient, name);
  if (stored.deleted) throw gone(name);
  return respondWithResource(stored);
}
