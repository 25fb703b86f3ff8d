import { FhirError, badRequest } from '../errors.ts';
import { JSON_PATCH, isJsonPatch } from '../http/media-type.ts';
import { parseDocument, type ParsedDocument } from '../json/parse.ts';
import type { RequestBody } from '../request.ts';
import type { Json, JsonObject, Resource } from '../resource.ts';
import { isObject } from '../write/draft.ts';

/** One entry of a batch or transaction: what it asks, as if it were a request of its own. */
export interface BundleRequest {
  /** Where it stands, `Bundle.entry[3]`. */
  expression: string;
  fullUrl?: string;
  method: string;
  /** Relative to the FHIR base, without a leading slash. */
  path: string;
  query: readonly (readonly [string, string])[];
  body?: RequestBody;
  /** The JSON Patch that a PATCH brings as a Binary. */
  jsonPatch?: ParsedDocument;
  ifMatch?: string;
  ifNoneMatch?: string;
  ifModifiedSince?: string;
  ifNoneExist?: string;
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH'];

/** The entries of a Bundle. Throws 400 naming the entry that has no request, or a request that makes no sense. */
export function bundleRequests(body: RequestBody, fhirBase: string): BundleRequest[] {
  const entries = (body.resource['entry'] ?? []) as Json[];
  const exact = (body.exact?.['entry'] ?? []) as Json[];
  return entries.map((entry, index) => {
    const expression = `Bundle.entry[${index}]`;
    if (!isObject(entry) || !isObject(entry['request']))
      throw badRequest('An entry needs a request.', `${expression}.request`);
    return bundleRequest(entry, exact[index], expression, fhirBase);
  });
}

function bundleRequest(
  entry: JsonObject,
  exact: Json | undefined,
  expression: string,
  fhirBase: string,
): BundleRequest {
  const request = entry['request'] as JsonObject;
  const text = (name: string) => (typeof request[name] === 'string' ? request[name] : undefined);
  const method = text('method') ?? '';
  if (!METHODS.includes(method))
    throw badRequest('The method is none of FHIR.', `${expression}.request.method`);
  const url = text('url');
  if (url === undefined) throw badRequest('A request needs a url.', `${expression}.request.url`);
  const relative = url.startsWith(`${fhirBase}/`) ? url.slice(fhirBase.length + 1) : url.replace(/^\//, '');
  if (/^[a-z][a-z0-9+.-]*:/i.test(relative)) {
    throw new FhirError(400, {
      code: 'not-supported',
      diagnostics: 'The url must be of this server.',
      expression: [`${expression}.request.url`],
    });
  }
  const [path = '', query = ''] = splitOnce(relative, '?');
  const { resource } = entry;
  const conditions = (['ifMatch', 'ifNoneMatch', 'ifModifiedSince', 'ifNoneExist'] as const).flatMap(
    (name) => {
      const value = text(name);
      return value === undefined ? [] : [[name, value] as const];
    },
  );
  return {
    expression,
    ...(typeof entry['fullUrl'] === 'string' && { fullUrl: entry['fullUrl'] }),
    method,
    path,
    query: [...new URLSearchParams(query)],
    ...(isObject(resource) && method === 'PATCH' && patchOf(resource, expression)),
    ...(isObject(resource) && {
      body: {
        resource: resource as Resource,
        ...(isObject(exact) && isObject(exact['resource']) && { exact: exact['resource'] as Resource }),
      },
    }),
    ...Object.fromEntries(conditions),
  };
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** https://hl7.org/fhir/R4/http.html#patch: in a Bundle, a JSON Patch is a Binary's data. */
function patchOf(resource: JsonObject, expression: string): Pick<BundleRequest, 'jsonPatch'> {
  if (resource['resourceType'] !== 'Binary') return {};
  const { contentType, data } = resource;
  if (typeof contentType !== 'string' || !isJsonPatch(contentType) || typeof data !== 'string')
    throw badRequest(`A patch is a Binary of type ${JSON_PATCH}, or a Parameters.`, `${expression}.resource`);
  return { jsonPatch: parseDocument(Buffer.from(data, 'base64')) };
}
