import { assertRoleMayRead } from '../../consent/roles.ts';
import type { Services } from '../../services.ts';
import { bundleOf, rawEntry } from '../bundle/text.ts';
import { badRequest, notFound } from '../errors.ts';
import { formatQuery } from '../http/query.ts';
import type { FhirRequest, FhirResponse } from '../request.ts';
import { openPage, pageHolder, sealPage } from './page-token.ts';
import { partAsked, resultParameters } from './search-parameters.ts';
import { subset } from './subset.ts';
import { visibilityOf } from './visible.ts';

/** Read of a definition: it is in no record, and on no ledger; R4 or the operator brought it. */
export async function readDefinition(request: FhirRequest, services: Services): Promise<FhirResponse> {
  const { type = '', id = '' } = request;
  assertRoleMayRead(request.principal.requester.role, type);
  visibilityOf(request, 'read', type);
  const definition = services.terminology.read(type, id);
  if (!definition) throw notFound(`${type}/${id}`);
  const content = new TextEncoder().encode(JSON.stringify(definition));
  return { status: 200, headers: {}, body: subset(content, partAsked(request.query)) };
}

/** Search of definitions, which are the same for everyone. Nothing is included with them. */
export async function searchDefinitions(request: FhirRequest, services: Services): Promise<FhirResponse> {
  const { type = '', principal, query, prefer } = request;
  assertRoleMayRead(principal.requester.role, type);
  visibilityOf(request, 'search', type);
  const wanted = resultParameters(query);
  const inclusions = [wanted.include, wanted.includeIterate, wanted.revinclude, wanted.revincludeIterate];
  if (!prefer.lenient && inclusions.some((list) => list.length > 0))
    throw badRequest('Nothing is included with definitions.', '_include');
  if (!prefer.lenient && wanted.types !== undefined)
    throw badRequest(`_type is for searches of several types, not of ${type}.`, '_type');
  const countOnly = wanted.summary === 'count' || wanted.count === 0;
  const boundTo = (of: FhirRequest['query']) =>
    JSON.stringify([`/${type}`, of.filter(([name]) => name !== '_page'), pageHolder(principal)]);
  const offset =
    wanted.page === undefined ? 0 : Number(openPage(wanted.page, boundTo(query), services.pageSecret));
  const { matches, total, used } = services.terminology.search({
    ...{ type, parameters: wanted.criteria, sort: wanted.sort, lenient: prefer.lenient, offset },
    count: countOnly ? 0 : wanted.count,
  });
  // What was left out under lenient handling is not in the links either.
  const pairs = new Set(used.map(([name, value]) => `${name}=${value}`));
  const criteria = new Set(wanted.criteria.map(([name, value]) => `${name}=${value}`));
  const effective = query.filter(([name, value]) => {
    const pair = `${name}=${value}`;
    return name !== '_page' && (pairs.has(pair) || !criteria.has(pair));
  });
  const url = `${services.fhirBase}/${type}`;
  const link = (page?: string) => {
    const all = page === undefined ? effective : [...effective, ['_page', page] as const];
    return all.length === 0 ? url : `${url}?${formatQuery(all)}`;
  };
  const next = offset + matches.length;
  return {
    status: 200,
    headers: {},
    body: bundleOf({
      type: 'searchset',
      id: services.newId(),
      total,
      links: {
        self: link(wanted.page),
        ...(!countOnly &&
          next < total && { next: link(sealPage(String(next), boundTo(effective), services.pageSecret)) }),
      },
      entries: matches.map((definition) =>
        rawEntry({
          fullUrl: `${url}/${String(definition['id'])}`,
          resource: subset(new TextEncoder().encode(JSON.stringify(definition)), wanted),
          rest: { search: { mode: 'match' } },
        }),
      ),
    }),
  };
}
