import { LRUCache, OperationOutcomeError, evalFhirPathTyped, getDataType } from '@medplum/core';
import type { FhirPathAtom, TypedValue } from '@medplum/core';
import type { Issue } from '../errors.ts';
import type { JsonObject } from '../resource.ts';
import type { InnerResource } from './content.ts';
import { expressionOf, typeOf } from './element-path.ts';

const expressions = new LRUCache<FhirPathAtom>(1000);

const typed = (resource: JsonObject): TypedValue => ({ type: typeOf(resource), value: resource });

/**
 * The invariants of the resources inside a resource: contained ones, and the entries of a Bundle. @medplum/core evaluates
 * those of their elements and leaves out those of the resource as a whole. Their definitions must have been loaded.
 */
export const innerInvariants = (root: JsonObject, inner: readonly InnerResource[]): Issue[] =>
  inner.flatMap(({ resource, steps }) =>
    (getDataType(typeOf(resource)).constraints ?? []).flatMap(({ key, description, expression }): Issue[] =>
      holds(expression, typed(resource), typed(root))
        ? []
        : [
            {
              severity: 'error',
              code: 'invariant',
              diagnostics: `Constraint ${key} not met: ${description}`,
              expression: [expressionOf(typeOf(root), steps)],
            },
          ],
    ),
  );

const holds = (expression: string, resource: TypedValue, root: TypedValue): boolean => {
  const variables = { '%context': resource, '%resource': resource, '%rootResource': root };
  try {
    return evalFhirPathTyped(expression, [resource], variables, expressions)[0]?.value === true;
  } catch (error) {
    if (error instanceof OperationOutcomeError) return false;
    throw error;
  }
};
