import { badRequest } from '../errors.ts';
import type { ParsedBody } from '../json/parse.ts';
import type { RequestBody } from '../request.ts';
import type { Resource } from '../resource.ts';

/** A body that says what it is; everything else about it is validation's. Throws 400. */
export function asBody({ resource, exact }: ParsedBody): RequestBody {
  if (typeof resource['resourceType'] !== 'string')
    throw badRequest('The body has no resourceType.', 'resourceType');
  return { resource: resource as Resource, ...(exact && { exact: exact as Resource }) };
}
