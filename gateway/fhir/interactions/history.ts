import { assertRoleMayRead } from '../../consent/roles.ts';
import type { StoredResource } from '../../index-store/port.ts';
import type { Services } from '../../services.ts';
import { bundleOf, rawEntry } from '../bundle/text.ts';
import { badRequest } from '../errors.ts';
import { formatQuery } from '../http/query.ts';
import type { FhirRequest, FhirResponse } from '../request.ts';
import { pageSize } from './search-parameters.ts';
import { etag } from './respond.ts';
import { seenResource, visibilityOf } from './visible.ts';

/** https://hl7.org/fhir/R4/http.html#history of one resource, newest first, with `_count`, `_since` and `_at`. */
export async function history(request: FhirRequest, services: Services): Promise<FhirResponse> {
  const { type = '', id = '' } = request;
  assertRoleMayRead(request.principal.requester.role, type);
  const visibility = visibilityOf(request, 'read', type);
  await seenResource(request, visibility, type, id, services);
  const count = pageSize(request.query);
  const before = positiveOf(request, '_before');
  const since = instantOf(request, '_since');
  const at = instantOf(request, '_at');

  const { versions } = await services.index.history({
    type,
    id,
    count: Number.MAX_SAFE_INTEGER,
    ...(since !== undefined && { since }),
    ...(at !== undefined && { at }),
  });
  const seen: StoredResource[] = [];
  for (const version of versions) if (await services.index.sees(visibility, version)) seen.push(version);
  const rest = before === undefined ? seen : seen.filter(({ version }) => version < before);
  const page = rest.slice(0, count);
  for (const { patient, version } of page) request.trail.touch(patient, `${type}/${id}/_history/${version}`);

  const last = page.at(-1);
  const url = `${services.fhirBase}/${type}/${id}/_history`;
  const own = request.query.filter(([name]) => name !== '_before');
  const link = (extra: [string, string][]) => `${url}?${formatQuery([...own, ...extra])}`;
  return {
    status: 200,
    headers: {},
    body: bundleOf({
      type: 'history',
      id: services.newId(),
      total: seen.length,
      links: {
        self: link(before === undefined ? [] : [['_before', String(before)]]),
        ...(last && rest.length > page.length && { next: link([['_before', String(last.version)]]) }),
      },
      entries: page.map((version) => historyEntry(version, services)),
    }),
  };
}

function historyEntry(stored: StoredResource, services: Services): Uint8Array {
  const { type, id, version, deleted } = stored;
  const method = deleted ? 'DELETE' : version === 1 ? 'POST' : 'PUT';
  return rawEntry({
    fullUrl: `${services.fhirBase}/${type}/${id}`,
    ...(!deleted && { resource: stored.content }),
    rest: {
      request: { method, url: method === 'POST' ? type : `${type}/${id}` },
      response: {
        status: deleted ? '204' : version === 1 ? '201' : '200',
        etag: etag(version),
        lastModified: new Date(stored.lastUpdated).toISOString(),
      },
    },
  });
}

function positiveOf(request: FhirRequest, name: string): number | undefined {
  const value = request.query.find(([key]) => key === name)?.[1];
  if (value === undefined) return undefined;
  if (!/^[1-9][0-9]{0,8}$/.test(value)) throw badRequest(`${name} must be a positive number.`, name);
  return Number(value);
}

function instantOf(request: FhirRequest, name: string): number | undefined {
  const value = request.query.find(([key]) => key === name)?.[1];
  if (value === undefined) return undefined;
  const time = /^\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/.test(value)
    ? Date.parse(value)
    : NaN;
  if (Number.isNaN(time)) throw badRequest(`${name} must be a date or an instant.`, name);
  return time;
}
