import type { SearchParameterDefinition } from './definitions.ts';

const RELATIONSHIP = 'http://hl7.org/fhir/SearchParameter/DocumentReference-relationship';

/**
 * The components of a composite, with a mistake of R4 put right: DocumentReference's `relationship` gives the code
 * the definition of the target and the target that of the code, so that neither would find anything.
 */
export function correctedComponents({ url, component = [] }: SearchParameterDefinition): typeof component {
  if (url !== RELATIONSHIP) return component;
  const [code, target] = component;
  if (code?.expression !== 'code' || target?.expression !== 'target') return component;
  return [
    { definition: target.definition, expression: code.expression },
    { definition: code.definition, expression: target.expression },
  ];
}
