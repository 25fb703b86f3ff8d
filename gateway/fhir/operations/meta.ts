import { isDeepStrictEqual } from 'node:util';
import { assertRoleMayRead } from '../../consent/roles.ts';
import type { StoredResource } from '../../index-store/port.ts';
import type { Services } from '../../services.ts';
import { FhirError, badRequest, gone } from '../errors.ts';
import { etag } from '../interactions/respond.ts';
import { update } from '../interactions/update.ts';
import { seenResource, visibilityOf } from '../interactions/visible.ts';
import { parseJson } from '../json/parse.ts';
import type { FhirRequest, FhirResponse } from '../request.ts';
import type { Json, JsonObject, Resource } from '../resource.ts';
import { isObject, mapBody } from '../write/draft.ts';
import type { GivenParameters } from './given-parameters.ts';

/** What of a resource's meta these operations are about; the rest is the server's. */
const LISTS = ['profile', 'security', 'tag'] as const;

/** https://hl7.org/fhir/R4/resource-operation-meta.html, of a resource: its profiles, security labels and tags. */
export async function meta(
  request: FhirRequest,
  _given: GivenParameters,
  services: Services,
): Promise<FhirResponse> {
  return metaOf(await current(request, services));
}

/** https://hl7.org/fhir/R4/resource-operation-meta-add.html: what is there already stays once. */
export const metaAdd = (
  request: FhirRequest,
  given: GivenParameters,
  services: Services,
): Promise<FhirResponse> =>
  change(request, services, (there, list) => [
    ...there,
    ...listOf(given, list).filter((one) => !there.some((other) => isSame(one, other))),
  ]);

/** https://hl7.org/fhir/R4/resource-operation-meta-delete.html: what is not there is no error. */
export const metaDelete = (
  request: FhirRequest,
  given: GivenParameters,
  services: Services,
): Promise<FhirResponse> =>
  change(request, services, (there, list) => {
    const unwanted = listOf(given, list);
    return there.filter((one) => !unwanted.some((other) => isSame(one, other)));
  });

/** A coding is the same by system and code, whatever its display. */
function isSame(one: Json, other: Json): boolean {
  if (!isObject(one) || !isObject(other)) return one === other;
  return one['system'] === other['system'] && one['code'] === other['code'];
}

function listOf({ complex }: GivenParameters, list: (typeof LISTS)[number]): Json[] {
  const given = complex.find(([name]) => name === 'meta')?.[1][list] ?? [];
  if (!Array.isArray(given)) throw badRequest(`meta.${list} is a list.`, `meta.${list}`);
  return given;
}

async function current(request: FhirRequest, services: Services): Promise<StoredResource> {
  const { type = '', id = '' } = request;
  assertRoleMayRead(request.principal.requester.role, type);
  const stored = await seenResource(request, visibilityOf(request, 'read', type), type, id, services);
  if (stored.deleted) throw gone(`${type}/${id}`);
  return stored;
}

const ATTEMPTS = 5;

/**
 * Writes the resource with other lists in its meta, as an update by this caller would: labels decide what rules say, so
 * whoever may not update the resource, as it was and as it becomes, changes none. Nothing is written where nothing changes.
 */
async function change(
  request: FhirRequest,
  services: Services,
  next: (there: Json[], list: (typeof LISTS)[number]) => Json[],
): Promise<FhirResponse> {
  for (let attempt = 1; ; attempt += 1) {
    const stored = await current(request, services);
    const parsed = parseJson(stored.content);
    const before = {
      resource: parsed.resource as Resource,
      ...(parsed.exact && { exact: parsed.exact as Resource }),
    };
    const body = mapBody(before, (one) => withLists(one, next));
    if (isDeepStrictEqual(before.resource['meta'], body.resource['meta'])) return metaOf(stored);
    try {
      // Exactly the version that was read is replaced: an update between the two is not undone.
      const ifMatch = request.ifMatch ?? etag(stored.version);
      await update({ ...request, body, ifMatch }, services);
      return metaOf((await services.index.get(stored.type, stored.id)) ?? stored);
    } catch (error) {
      const overtaken = error instanceof FhirError && error.status === 412 && request.ifMatch === undefined;
      if (!overtaken || attempt === ATTEMPTS) throw error;
    }
  }
}

function withLists(
  resource: Resource,
  next: (there: Json[], list: (typeof LISTS)[number]) => Json[],
): Resource {
  const before: JsonObject = isObject(resource['meta']) ? resource['meta'] : {};
  const { profile, security, tag, ...rest } = before;
  const lists = { profile, security, tag };
  const after = LISTS.map((list) => {
    const there = lists[list];
    return [list, next(Array.isArray(there) ? there : [], list)] as const;
  }).filter(([, wanted]) => wanted.length > 0);
  return { ...resource, meta: { ...rest, ...Object.fromEntries(after) } };
}

function metaOf(stored: StoredResource): FhirResponse {
  const { resource } = parseJson(stored.content);
  const whole: JsonObject = isObject(resource['meta']) ? resource['meta'] : {};
  const valueMeta = Object.fromEntries(
    LISTS.filter((list) => whole[list] !== undefined).map((list) => [list, whole[list]]),
  );
  const parameter = [{ name: 'return', valueMeta }];
  return { status: 200, headers: {}, body: JSON.stringify({ resourceType: 'Parameters', parameter }) };
}
