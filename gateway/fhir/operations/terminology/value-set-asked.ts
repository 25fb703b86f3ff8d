import type { ValueSet } from '@medplum/fhirtypes';
import type { Services } from '../../../services.ts';
import { FhirError, badRequest, notFound } from '../../errors.ts';
import type { FhirRequest } from '../../request.ts';
import type { Inputs } from './inputs.ts';

/**
 * The value set that an operation is about: of the path, of the parameter `valueSet`, or of `url` (with
 * `valueSetVersion`). Throws 400 when none is named, 404 when it is not here.
 */
export function valueSetAsked({ id }: FhirRequest, inputs: Inputs, { terminology }: Services): ValueSet {
  if (id !== undefined) {
    const found = terminology.read('ValueSet', id) as ValueSet | undefined;
    if (!found) throw notFound(`ValueSet/${id}`);
    return found;
  }
  const given = inputs.resource('valueSet', 'ValueSet');
  if (given) return given;
  const url = inputs.text('url');
  if (url === undefined) throw badRequest('Name a value set: url, or valueSet.', 'url');
  const version = inputs.text('valueSetVersion');
  const canonical = version === undefined ? url : `${url.split('|')[0] ?? ''}|${version}`;
  const found = terminology.definition('ValueSet', canonical) as ValueSet | undefined;
  if (!found)
    throw new FhirError(404, {
      code: 'not-found',
      diagnostics: `The value set ${canonical.slice(0, 500)} is not known here.`,
      expression: ['url'],
    });
  return found;
}
