import { coversAllOf, type Visibility } from '../../consent/visibility.ts';
import type { Services } from '../../services.ts';
import { bundleOf, rawEntry } from '../bundle/text.ts';
import { FhirError } from '../errors.ts';
import { formatQuery } from '../http/query.ts';
import { SUBSETTED } from './subset.ts';
import type { FhirRequest, FhirResponse } from '../request.ts';

/**
 * What `Patient?identifier=system|value`, as the only criterion, tells staff and systems of a patient who has granted
 * them nothing: that there is one, so that approval can be asked for. Undefined when this is no such search, or there
 * is no such patient. Rate-limited (429), and in the patient's audit.
 * Only a token that may search every Patient is told: a scope that is confined to a patient (`patient/`), or by search
 * parameters, reaches no further here than anywhere else.
 */
export async function maskedPatient(
  request: FhirRequest,
  criteria: FhirRequest['query'],
  { scopes }: Visibility,
  services: Services,
): Promise<FhirResponse | undefined> {
  const { principal, type, id } = request;
  const [criterion, ...others] = criteria;
  if (type !== 'Patient' || id !== undefined || criterion?.[0] !== 'identifier' || others.length > 0)
    return undefined;
  if (!['doctor', 'lab', 'system'].includes(principal.requester.role)) return undefined;
  if (!coversAllOf(scopes, 'Patient')) return undefined;
  const [, system, value] = /^([^|,]+)\|([^|,]+)$/.exec(criterion[1]) ?? [];
  if (system === undefined || value === undefined) return undefined;
  const wait = services.lookups.take(
    `${principal.identity.mspId}/${principal.identity.pseudonym}`,
    request.now,
  );
  if (wait > 0) {
    throw new FhirError(
      429,
      { code: 'throttled', diagnostics: 'Too many look-ups of patients.' },
      { 'Retry-After': String(Math.ceil(wait / 1000)) },
    );
  }
  const found = await services.index.patientsByIdentifier(system, value);
  if (found.length === 0) return undefined;
  for (const patient of found) request.trail.touch(patient, `Patient/${patient}`);
  return {
    status: 200,
    headers: {},
    body: bundleOf({
      type: 'searchset',
      id: services.newId(),
      total: found.length,
      links: { self: `${services.fhirBase}/Patient?${formatQuery([criterion])}` },
      entries: found.map((patient) =>
        rawEntry({
          fullUrl: `${services.fhirBase}/Patient/${patient}`,
          resource: new TextEncoder().encode(
            JSON.stringify({
              resourceType: 'Patient',
              id: patient,
              meta: { tag: [SUBSETTED] },
              identifier: [{ system, value }],
            }),
          ),
          rest: { search: { mode: 'match' } },
        }),
      ),
    }),
  };
}
