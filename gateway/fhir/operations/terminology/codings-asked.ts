import type { Coding } from '@medplum/fhirtypes';
import { FhirError, badRequest } from '../../errors.ts';
import type { Inputs } from './inputs.ts';

/** Codings of one CodeableConcept that are judged. */
const MOST_CODINGS = 100;

export type CodingAsked = Coding & { code: string };

/**
 * The codings of which one must hold: `code` (with `system`, `display`), `coding`, or those of `codeableConcept`.
 * Throws 400 unless exactly one of the three is there.
 */
export function codingsAsked(inputs: Inputs, version: 'version' | 'systemVersion'): CodingAsked[] {
  const code = inputs.text('code');
  const coding = inputs.coding('coding');
  const concept = inputs.concept('codeableConcept');
  if ([code, coding, concept].filter((one) => one !== undefined).length !== 1)
    throw badRequest('Give one of code, coding and codeableConcept.', 'code');
  const system = inputs.text('system');
  const systemVersion = inputs.text(version);
  const display = inputs.text('display');
  const plain: Coding = {
    ...(code !== undefined && { code }),
    ...(system !== undefined && { system }),
    ...(systemVersion !== undefined && { version: systemVersion }),
    ...(display !== undefined && { display }),
  };
  const codings = concept ? (concept.coding ?? []) : [coding ?? plain];
  const asked = codings.flatMap((one) => (one.code === undefined ? [] : [{ ...one, code: one.code }]));
  if (asked.length > MOST_CODINGS)
    throw new FhirError(422, {
      code: 'too-costly',
      diagnostics: `At most ${MOST_CODINGS} codings are judged at once.`,
    });
  if (asked.length === 0) throw badRequest('There is no code to be validated.', 'code');
  return asked;
}
