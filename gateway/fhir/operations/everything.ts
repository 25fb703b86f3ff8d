import type { Span } from '@fhir-fabric-gateway/chaincode/api';
import { spanOf } from '@fhir-fabric-gateway/mappings';
import { assertRoleMayRead } from '../../consent/roles.ts';
import type { SearchResult } from '../../index-store/port.ts';
import type { Services } from '../../services.ts';
import { FhirError, badRequest, gone } from '../errors.ts';
import { searchAs } from '../interactions/search.ts';
import { seenResource, visibilityOf } from '../interactions/visible.ts';
import type { FhirRequest, FhirResponse } from '../request.ts';
import { givenText, givenTexts, type GivenParameters } from './given-parameters.ts';

/**
 * https://hl7.org/fhir/R4/operation-patient-everything.html: the Patient's record as far as the caller may see it, and
 * what it refers to, as a searchset in pages. `start` and `end` go by the clinical dates that a Consent's dataPeriod goes
 * by (docs/adr/0011); what has no date stays. Without an id it is the record of the patient whose token it is.
 */
export async function everything(
  request: FhirRequest,
  given: GivenParameters,
  services: Services,
): Promise<FhirResponse> {
  assertRoleMayRead(request.principal.requester.role, 'Patient');
  const id = request.id ?? ownPatient(request);
  const visibility = visibilityOf(request, 'read', 'Patient');
  const patient = await seenResource(request, visibility, 'Patient', id, services);
  if (patient.deleted) throw gone(`Patient/${id}`);

  const { type: _type, ...untyped } = request;
  const types = givenTexts(given, '_type').flatMap((text) => text.split(','));
  const plain = given.pairs.filter(([name]) => name !== '_type');
  const query = types.length === 0 ? plain : [...plain, ['_type', types.join(',')] as const];
  const firstPage = givenText(given, '_page') === undefined;
  const clinicalDate = datesOf(given);
  return searchAs(
    {
      path: request.id === undefined ? '/Patient/$everything' : `/Patient/${id}/$everything`,
      query,
      ...(clinicalDate && { clinicalDate }),
      shown: (page) => withPatientOnce(page, id, types, firstPage),
    },
    {
      ...untyped,
      id,
      query: [
        ...query
          .filter(([name]) => name !== 'start' && name !== 'end')
          .map(([name, value]) =>
            name === '_since' ? (['_lastUpdated', `ge${value}`] as const) : ([name, value] as const),
          ),
        ...(givenText(given, '_count') === undefined ? [['_count', '1000'] as const] : []),
        ['_include', '*'] as const,
      ],
    },
    services,
  );
}

function ownPatient({ principal }: FhirRequest): string {
  const own = principal.patient ?? principal.launchPatient;
  if (own !== undefined) return own;
  throw new FhirError(400, {
    code: 'not-supported',
    diagnostics: 'Without an id, $everything is of the patient whose token it is: this token is of none.',
  });
}

function datesOf(given: GivenParameters): Span | undefined {
  const at = (name: string) => {
    const text = givenText(given, name);
    if (text === undefined) return undefined;
    const span = spanOf(text);
    if (!span) throw badRequest(`${name} is no day that there is.`, name);
    return span;
  };
  const start = at('start');
  const end = at('end');
  return start || end ? [start?.[0] ?? null, end?.[1] ?? null] : undefined;
}

/** The Patient stands on the first page and nowhere else, though every page refers to it; `_type` holds for what comes along. */
function withPatientOnce(
  page: SearchResult,
  id: string,
  types: readonly string[],
  firstPage: boolean,
): SearchResult {
  const isPatient = (one: { type: string; id: string }) => one.type === 'Patient' && one.id === id;
  const wanted = (one: { type: string; id: string }) =>
    (types.length === 0 || types.includes(one.type)) && (firstPage || !isPatient(one));
  return { ...page, matches: page.matches.filter(wanted), included: page.included.filter(wanted) };
}
