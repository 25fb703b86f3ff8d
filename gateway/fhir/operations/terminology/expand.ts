import type { Services } from '../../../services.ts';
import type { FhirRequest, FhirResponse } from '../../request.ts';
import { assertMayAsk } from './answer.ts';
import { inputsOf } from './inputs.ts';
import { valueSetAsked } from './value-set-asked.ts';

const TAKEN = [
  ...['url', 'valueSet', 'valueSetVersion', 'filter', 'offset', 'count', 'includeDesignations', 'activeOnly'],
  ...['displayLanguage', 'includeDefinition', 'exclude-system', 'excludeNested', 'excludeNotForUI'],
];

/**
 * https://hl7.org/fhir/R4/valueset-operation-expand.html: the codes of a value set, flat, in pages where `count` says so.
 * 422 for one that can't be expanded here (a code system that is not loaded), or is too large (too-costly).
 */
export async function expand(request: FhirRequest, services: Services): Promise<FhirResponse> {
  assertMayAsk(request, 'ValueSet');
  const inputs = inputsOf(request, services, TAKEN);
  const filter = inputs.text('filter');
  const offset = inputs.count('offset');
  const count = inputs.count('count');
  const includeDesignations = inputs.flag('includeDesignations');
  const activeOnly = inputs.flag('activeOnly');
  const excludeNotForUI = inputs.flag('excludeNotForUI');
  const displayLanguage = inputs.text('displayLanguage');
  const { compose, ...valueSet } = services.terminology.expand(valueSetAsked(request, inputs, services), {
    ...(filter !== undefined && { filter }),
    ...(offset !== undefined && { offset }),
    ...(count !== undefined && { count }),
    ...(includeDesignations !== undefined && { includeDesignations }),
    ...(activeOnly !== undefined && { activeOnly }),
    ...(excludeNotForUI !== undefined && { excludeNotForUI }),
    ...(displayLanguage !== undefined && { displayLanguage }),
    excludeSystem: inputs.texts('exclude-system'),
  });
  const definition = inputs.flag('includeDefinition') ? { compose } : {};
  return { status: 200, headers: {}, body: JSON.stringify({ ...valueSet, ...definition }) };
}
