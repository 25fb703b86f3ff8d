import { assertRoleMayRead } from '../../consent/roles.ts';
import type { Services } from '../../services.ts';
import { gone } from '../errors.ts';
import { searchAs } from '../interactions/search.ts';
import { seenResource, visibilityOf } from '../interactions/visible.ts';
import { badRequest } from '../errors.ts';
import type { FhirRequest, FhirResponse } from '../request.ts';

const TAKEN = ['_count', '_page', '_type', '_since', '_format', '_pretty'];

/**
 * https://hl7.org/fhir/R4/operation-patient-everything.html: the Patient's record as far as the caller may see it, and
 * what it refers to. Takes `_count`, `_type` and `_since`; answers a searchset in pages.
 */
export async function everything(request: FhirRequest, services: Services): Promise<FhirResponse> {
  const { id = '' } = request;
  const unknown = request.query.find(([name]) => !TAKEN.includes(name));
  if (unknown) throw badRequest(`$everything does not take ${unknown[0]}.`, unknown[0]);
  assertRoleMayRead(request.principal.requester.role, 'Patient');
  const patient = await seenResource(
    request,
    visibilityOf(request, 'read', 'Patient'),
    'Patient',
    id,
    services,
  );
  if (patient.deleted) throw gone(`Patient/${id}`);
  const has = (name: string) => request.query.some(([other]) => other === name);
  const { type: _type, ...untyped } = request;
  return searchAs(
    { path: `/Patient/${id}/$everything`, query: request.query },
    {
      ...untyped,
      id,
      query: [
        ...request.query.map(([name, value]) =>
          name === '_since' ? (['_lastUpdated', `ge${value}`] as const) : ([name, value] as const),
        ),
        ...(has('_count') ? [] : [['_count', '1000'] as const]),
        ['_include', '*'] as const,
      ],
    },
    services,
  );
}
