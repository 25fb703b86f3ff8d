import type { ClosedJob, LoadRequest, OpenJob, Outcome } from '../load/job.ts';
import { runLoad } from '../load/run-load.ts';
import { authorization, FHIR_HEADERS, type Target } from './target.ts';

/** A load of FHIR requests in the names of systems (by default the hospital's). */
export type FhirLoad = { requests: readonly LoadRequest[]; clients?: readonly string[] } & (
  Pick<ClosedJob, 'kind' | 'connections' | 'until'> | Pick<OpenJob, 'kind' | 'rate' | 'amount'>
);

/**
 * Runs a load on a target, with tokens that were just issued; at `origin` when that is given: a rival that gets the same
 * bytes.
 */
export async function runFhirLoad(
  target: Target,
  { clients = target.dataDir === undefined ? [] : ['hospital-system'], ...load }: FhirLoad,
  origin = target.origin,
): Promise<Outcome> {
  const authorizations: string[] = [];
  for (const client of clients) authorizations.push(await authorization(target, client));
  return runLoad({ ...load, origin, headers: FHIR_HEADERS, authorizations });
}
