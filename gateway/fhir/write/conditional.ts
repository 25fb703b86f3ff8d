import type { StoredResource } from '../../index-store/port.ts';
import type { Services } from '../../services.ts';
import { FhirError, badRequest } from '../errors.ts';
import { fullVisibility } from '../interactions/visible.ts';
import type { FhirRequest } from '../request.ts';

/**
 * The one resource that matches criteria, among those that the caller sees; undefined when none does.
 * Throws 412 when several do, 400 when the criteria say nothing.
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
    visibility: fullVisibility(request),
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
  return matches[0];
}
