import { FhirError, badRequest, forbidden } from '../errors.ts';
import type { RequestBody } from '../request.ts';
import type { Json, JsonObject, Resource } from '../resource.ts';
import type { Services } from '../../services.ts';

/** The body of a write: of the type that the URL names, and valid. Throws 400 or 422 with the elements at fault. */
export function assertDraft(body: RequestBody | undefined, type: string, services: Services): RequestBody {
  if (type === 'AuditEvent') throw forbidden('AuditEvents are written by the server alone.');
  if (!body) throw badRequest('A body is missing.');
  if (typeof body.resource.resourceType !== 'string')
    throw badRequest('The resource has no resourceType.', 'resourceType');
  if (body.resource.resourceType !== type) {
    throw badRequest(`The body is a ${body.resource.resourceType}, the URL says ${type}.`, 'resourceType');
  }
  assertValid(body.resource, services);
  return body;
}

export function assertValid(resource: Resource, services: Pick<Services, 'validate'>): void {
  const errors = services.validate(resource).filter((issue) => (issue.severity ?? 'error') !== 'warning');
  if (errors.length === 0) return;
  throw new FhirError(errors.some((issue) => issue.code === 'structure') ? 400 : 422, errors);
}

/** Applies the same change to the plain form of a body and to the one that keeps its numbers as written. */
export function mapBody(body: RequestBody, change: (resource: Resource) => Resource): RequestBody {
  return { resource: change(body.resource), ...(body.exact && { exact: change(body.exact) }) };
}

/** Sets the id in front, as FHIR servers show it. */
export function withId(resource: Resource, id: string): Resource {
  const { resourceType, id: _id, ...rest } = resource;
  return { resourceType, id, ...rest };
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
