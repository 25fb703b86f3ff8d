import type { Span } from '@fhir-fabric-gateway/chaincode/api';
import { assertRoleMayRead } from '../../consent/roles.ts';
import type { SearchRequest, SearchResult, StoredResource } from '../../index-store/port.ts';
import type { Services } from '../../services.ts';
import { bundleOf, rawEntry } from '../bundle/text.ts';
import { badRequest } from '../errors.ts';
import { incomplete } from './incomplete.ts';
import { formatQuery } from '../http/query.ts';
import type { FhirRequest, FhirResponse } from '../request.ts';
import { maskedPatient } from './masked-patient.ts';
import { openPage, pageHolder, sealPage } from './page-token.ts';
import { resultParameters, type ResultParameters } from './search-parameters.ts';
import { subset } from './subset.ts';
import { visibilityOf } from './visible.ts';

/**
 * https://hl7.org/fhir/R4/search.html, by GET and by POST: of one type, of a Patient's compartment (`id` is the
 * Patient's), or of several types. Totals and pages count only what the caller may see.
 */
export function search(request: FhirRequest, services: Services): Promise<FhirResponse> {
  return searchAs({ path: pathOf(request), query: request.query }, request, services);
}

/** How a search shows itself in its links: the path below the FHIR base, and the parameters that the client gave. */
interface SearchAddress {
  path: string;
  query: FhirRequest['query'];
  /** Confines it to what happened then: clinical dates, ends included; what has none stays. */
  clinicalDate?: Span;
  /** Leaves out what the operation does not show of a page. */
  shown?: (page: SearchResult) => SearchResult;
}

/** A search under another address than its own: that of the operation that runs it. */
export async function searchAs(
  address: SearchAddress,
  request: FhirRequest,
  services: Services,
): Promise<FhirResponse> {
  const { type, principal } = request;
  const wanted = resultParameters(asSearched(request.query, request));
  const types = type !== undefined ? [type] : (wanted.types ?? []);
  for (const one of types) assertRoleMayRead(principal.requester.role, one);

  const boundTo = (query: FhirRequest['query']) =>
    JSON.stringify([address.path, query.filter(([name]) => name !== '_page'), pageHolder(principal)]);
  const countOnly = wanted.summary === 'count' || wanted.count === 0;
  const asked: SearchRequest = {
    types,
    parameters: wanted.criteria,
    visibility: visibilityOf(request, 'search', ...types),
    lenient: request.prefer.lenient,
    sort: wanted.sort,
    count: countOnly ? 1 : wanted.count,
    total: countOnly ? 'accurate' : wanted.total,
    include: wanted.include,
    includeIterate: wanted.includeIterate,
    revinclude: wanted.revinclude,
    revincludeIterate: wanted.revincludeIterate,
    ...(request.id !== undefined && {
      compartment: { type: request.compartment ?? ('Patient' as const), id: request.id },
    }),
    ...(address.clinicalDate && { clinicalDate: address.clinicalDate }),
    ...(wanted.page !== undefined && {
      after: openPage(wanted.page, boundTo(address.query), services.pageSecret),
    }),
  };
  const result = await services.index.search(asked);
  const masked =
    result.matches.length === 0
      ? await maskedPatient(request, wanted.criteria, asked.visibility, services)
      : undefined;
  if (masked) return masked;

  // What was left out under lenient handling is not in the links either.
  const effective = effectiveQuery(result, wanted, asSearched(address.query, request));
  const next =
    result.after === undefined ? undefined : sealPage(result.after, boundTo(effective), services.pageSecret);
  const shown = countOnly
    ? { ...result, matches: [], included: [], truncated: [] }
    : (address.shown?.(result) ?? result);
  for (const { patient, type: of, id, version } of [...shown.matches, ...shown.included]) {
    request.trail.touch(patient, `${of}/${id}/_history/${version}`);
  }
  return {
    status: 200,
    headers: {},
    body: searchset(
      shown,
      wanted,
      countOnly ? undefined : next,
      `${services.fhirBase}${address.path}`,
      effective,
      services,
    ),
  };
}

/** What is searched by: `_type` is for searches of several types. Throws 400 for it in others, unless lenient. */
function asSearched(query: FhirRequest['query'], { type, prefer }: FhirRequest): FhirRequest['query'] {
  if (type === undefined || !query.some(([name]) => name === '_type')) return query;
  if (!prefer.lenient) throw badRequest(`_type is for searches of several types, not of ${type}.`, '_type');
  return query.filter(([name]) => name !== '_type');
}

function pathOf({ type, id, compartment = 'Patient' }: FhirRequest): string {
  if (id !== undefined) return `/${compartment}/${id}/${type ?? '*'}`;
  return type === undefined ? '' : `/${type}`;
}

/** The parameters that were really used. */
function effectiveQuery(
  { used }: SearchResult,
  { criteria }: ResultParameters,
  query: FhirRequest['query'],
): FhirRequest['query'] {
  const usedPairs = new Set(used.map(([name, value]) => `${name}=${value}`));
  const isCriterion = new Set(criteria.map(([name, value]) => `${name}=${value}`));
  return query.filter(([name, value]) => {
    const pair = `${name}=${value}`;
    return name !== '_page' && (usedPairs.has(pair) || !isCriterion.has(pair));
  });
}

function searchset(
  result: SearchResult,
  wanted: ResultParameters,
  next: string | undefined,
  url: string,
  effective: FhirRequest['query'],
  services: Services,
): Uint8Array {
  const link = (page?: string) => {
    const pairs = page === undefined ? effective : [...effective, ['_page', page] as const];
    return pairs.length === 0 ? url : `${url}?${formatQuery(pairs)}`;
  };
  const entry = (mode: 'match' | 'include') => (stored: StoredResource) =>
    rawEntry({
      fullUrl: `${services.fhirBase}/${stored.type}/${stored.id}`,
      resource: subset(stored.content, wanted),
      rest: { search: { mode } },
    });
  const whole =
    wanted.page === undefined && next === undefined && wanted.summary !== 'count' && wanted.count > 0;
  const total = result.total ?? (whole ? result.matches.length : undefined);
  return bundleOf({
    type: 'searchset',
    id: services.newId(),
    ...(total !== undefined && { total }),
    links: { self: link(wanted.page), ...(next !== undefined && { next: link(next) }) },
    entries: [
      ...result.matches.map(entry('match')),
      ...result.included.map(entry('include')),
      ...incomplete(result.truncated ?? []),
    ],
  });
}
