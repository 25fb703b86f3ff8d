import { assertRoleMayRead } from '../../consent/roles.ts';
import type { Services } from '../../services.ts';
import { gone } from '../errors.ts';
import type { FhirRequest, FhirResponse } from '../request.ts';
import { etag, respondWithResource, versionHeaders } from './respond.ts';
import { partAsked } from './search-parameters.ts';
import { subset } from './subset.ts';
import { seenResource, visibilityOf } from './visible.ts';

/** https://hl7.org/fhir/R4/http.html#read, with If-None-Match and If-Modified-Since (#cread). */
export async function read(request: FhirRequest, services: Services): Promise<FhirResponse> {
  const { type = '', id = '' } = request;
  assertRoleMayRead(request.principal.requester.role, type);
  const stored = await seenResource(request, visibilityOf(request, 'read', type), type, id, services);
  if (stored.deleted) throw gone(`${type}/${id}`);
  return isUnchanged(request, stored)
    ? { status: 304, headers: versionHeaders(stored) }
    : respondWithResource({ ...stored, content: subset(stored.content, partAsked(request.query)) });
}

function isUnchanged(request: FhirRequest, stored: { version: number; lastUpdated: number }): boolean {
  if (request.ifNoneMatch !== undefined) {
    return request.ifNoneMatch.split(',').some((tag) => tag.trim() === etag(stored.version));
  }
  if (request.ifModifiedSince === undefined) return false;
  const since = Date.parse(request.ifModifiedSince);
  return !Number.isNaN(since) && Math.floor(stored.lastUpdated / 1000) * 1000 <= since;
}
