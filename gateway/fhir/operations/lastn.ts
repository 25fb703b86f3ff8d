import { assertRoleMayRead } from '../../consent/roles.ts';
import type { SearchRequest, StoredResource } from '../../index-store/port.ts';
import type { Services } from '../../services.ts';
import { bundleOf, rawEntry } from '../bundle/text.ts';
import { FhirError, badRequest } from '../errors.ts';
import { formatQuery } from '../http/query.ts';
import { resultParameters } from '../interactions/search-parameters.ts';
import { visibilityOf } from '../interactions/visible.ts';
import type { FhirRequest, FhirResponse } from '../request.ts';
import { parseStored } from '../write/subject.ts';
import { givenText, type GivenParameters } from './given-parameters.ts';
import { groupByCode } from './group-by-code.ts';

/** Observations looked at in one call; who has more narrows the search. */
const MOST = 10_000;
const PAGE = 1000;

const SUBJECT = /^(patient|subject)([:.]|$)/;
const CODE = /^(category|code|combo-code|component-code|(combo-|component-)?code-value-[a-z]+)([:.]|$)/;

/**
 * https://hl7.org/fhir/R4/operation-observation-lastn.html: the last `max` (1) Observations of each code, among those that
 * the search finds and the caller may see; with an equal time, all of that time. By `effective[x]`, most recent first;
 * what has none comes last. Throws 400 without a subject, or without a category or code.
 */
export async function lastn(
  request: FhirRequest,
  given: GivenParameters,
  services: Services,
): Promise<FhirResponse> {
  assertRoleMayRead(request.principal.requester.role, 'Observation');
  const max = Number(givenText(given, 'max') ?? '1');
  if (max < 1) throw badRequest('max must be a number from 1.', 'max');
  const criteria = criteriaOf(given);
  const { found, used } = await all(request, criteria, services);
  const dated = found
    .map((stored) => ({ stored, resource: parseStored(stored), at: timeOf(stored) }))
    .sort((a, b) => b.at - a.at || b.stored.lastUpdated - a.stored.lastUpdated);
  const shown = groupByCode(dated, ({ resource }) => resource)
    .flatMap((group) => {
      const last = group[max - 1]?.at;
      return last === undefined ? group : group.filter(({ at }, place) => place < max || at === last);
    })
    .sort((a, b) => b.at - a.at);
  for (const { stored } of shown) {
    request.trail.touch(stored.patient, `Observation/${stored.id}/_history/${stored.version}`);
  }
  const query = [...used, ...given.pairs.filter(([name]) => name === 'max')];
  return {
    status: 200,
    headers: {},
    body: bundleOf({
      type: 'searchset',
      id: services.newId(),
      total: shown.length,
      links: { self: `${services.fhirBase}/Observation/$lastn?${formatQuery(query)}` },
      entries: shown.map(({ stored }) =>
        rawEntry({
          fullUrl: `${services.fhirBase}/Observation/${stored.id}`,
          resource: stored.content,
          rest: { search: { mode: 'match' } },
        }),
      ),
    }),
  };
}

/** The search that it is among. */
function criteriaOf({ pairs }: GivenParameters): SearchRequest['parameters'] {
  const search = pairs.filter(([name]) => name !== 'max');
  const { criteria } = resultParameters(search);
  const other = search.find((pair) => !criteria.includes(pair));
  if (other) throw badRequest(`$lastn does not take ${other[0]}.`, other[0]);
  if (!criteria.some(([name]) => SUBJECT.test(name)))
    throw badRequest('$lastn needs a patient or a subject.', 'patient');
  if (!criteria.some(([name]) => CODE.test(name)))
    throw badRequest('$lastn needs a category or a code.', 'category');
  return criteria;
}

async function all(
  request: FhirRequest,
  parameters: SearchRequest['parameters'],
  services: Services,
): Promise<{ found: StoredResource[]; used: SearchRequest['parameters'] }> {
  const asked: SearchRequest = {
    types: ['Observation'],
    parameters,
    visibility: visibilityOf(request, 'search', 'Observation'),
    lenient: request.prefer.lenient,
    sort: [],
    count: PAGE,
    total: 'none',
    ...{ include: [], includeIterate: [], revinclude: [], revincludeIterate: [] },
  };
  const found: StoredResource[] = [];
  for (let after: string | undefined; ;) {
    const page = await services.index.search({ ...asked, ...(after !== undefined && { after }) });
    found.push(...page.matches);
    if (page.after === undefined) return { found, used: page.used };
    if (found.length >= MOST) {
      const diagnostics = `$lastn looks at no more than ${MOST} Observations: narrow it by code or date.`;
      throw new FhirError(400, { code: 'too-costly', diagnostics });
    }
    after = page.after;
  }
}

/** `effective[x]` as a moment: when it began, or, where that is open, when it ended. */
function timeOf({ facets }: StoredResource): number {
  const date = facets[0]?.date;
  return date?.[0] ?? date?.[1] ?? Number.NEGATIVE_INFINITY;
}
