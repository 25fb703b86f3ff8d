import type { StoredResource } from '../../index-store/port.ts';
import type { Services } from '../../services.ts';
import { FhirError, badRequest } from '../errors.ts';
import { visibilityOf } from '../interactions/visible.ts';
import type { FhirRequest } from '../request.ts';

/**
 * The one resource that matches criteria, among those that the caller may search; undefined when none does. It counts as
 * disclosed: the trail has it. Throws 412 when several match, 400 when the criteria say nothing, 403 when the token may
 * not search the type.
 */
export async function matchOne(
  request: FhirRequest,
  type: string,
  query: string,
  services: Services,
): Promise<StoredResource | undefined> {
  const parameters = [...new URLSearchParams(query)];
  if (parameters.length === 0) throw badRequest('The criteria are empty.');
  const { matches } = await services.index.search({
    types: [type],
    parameters,
    visibility: visibilityOf(request, 'search', type),
    lenient: false,
    sort: [],
    count: 2,
    total: 'none',
    include: [],
    includeIterate: [],
    revinclude: [],
    revincludeIterate: [],
  });
  if (matches.length > 1) {
    throw new FhirError(412, {
      code: 'multiple-matches',
      diagnostics: `Several ${type} resources match the criteria.`,
    });
  }
  const [match] = matches;
  if (match?.patient !== undefined)
    request.trail.touch(match.patient, `${type}/${match.id}/_history/${match.version}`);
  return match;
}
