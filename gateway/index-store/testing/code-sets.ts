import { FhirError } from '../../fhir/errors.ts';
import type { CodeSets } from '../code-sets.ts';

const LOINC = 'http://loinc.org';
const of = (...codes: string[]) => codes.map((code) => ({ system: LOINC, code }));

/** Value sets and a hierarchy, as the terminology service would say what is in them. */
export const codeSets: CodeSets = {
  codesIn(valueSet) {
    if (valueSet === 'urn:vs:pressure') return of('A', 'b', 'nobody-has-it');
    if (valueSet === 'urn:vs:large') return of(...Array.from({ length: 4000 }, (_, at) => `x${at}`), 'c');
    throw new FhirError(422, { code: 'not-found', diagnostics: `${valueSet} is not known` });
  },
  related: ({ code }, direction) => of(code, direction === 'below' ? 'b' : 'c'),
};
