import type { Handler, Route } from '../../routes.ts';
import { expand } from './expand.ts';
import { lookup } from './lookup.ts';
import { subsumes } from './subsumes.ts';
import { translate } from './translate.ts';
import { validateCodeInCodeSystem, validateCodeInValueSet } from './validate-code.ts';

/** An operation of definitions: on its type, and on single instances where R4 has it there. */
export interface TerminologyOperation {
  type: string;
  name: string;
  instance: boolean;
  handler: Handler;
}

export const TERMINOLOGY_OPERATIONS: readonly TerminologyOperation[] = [
  { type: 'ValueSet', name: 'expand', instance: true, handler: expand },
  { type: 'ValueSet', name: 'validate-code', instance: true, handler: validateCodeInValueSet },
  { type: 'CodeSystem', name: 'validate-code', instance: true, handler: validateCodeInCodeSystem },
  { type: 'CodeSystem', name: 'lookup', instance: false, handler: lookup },
  { type: 'CodeSystem', name: 'subsumes', instance: true, handler: subsumes },
  { type: 'ConceptMap', name: 'translate', instance: true, handler: translate },
];

/** Each by GET and by POST. https://hl7.org/fhir/R4/terminology-service.html */
export const TERMINOLOGY_ROUTES: readonly Route[] = TERMINOLOGY_OPERATIONS.flatMap(
  ({ type, name, instance, handler }) =>
    [`${type}/$${name}`, ...(instance ? [`${type}/$id/$${name}`] : [])].flatMap((path) =>
      (['GET', 'POST'] as const).map((method): Route => ({
        method,
        path,
        interaction: 'operation',
        handler,
      })),
    ),
);
