import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { FhirError } from '../errors.ts';
import type { Issue } from '../errors.ts';
import type { JsonObject, Resource } from '../resource.ts';
import { checkContent } from './content.ts';
import { typeOf } from './element-path.ts';
import { MOST_ISSUES } from './most-issues.ts';
import { generatedFolder } from './resource-definitions.ts';
import { loadRuleCheck } from './rules.ts';
import { loadShapeCheck } from './shape.ts';
import type { TypeTable } from './type-table.ts';
import { checkTypes } from './typed.ts';

export interface Validator {
  /**
   * Checks a resource against the base definitions of FHIR R4, with all that it contains, entries of a Bundle included.
   * @param resource plain JSON; numbers as JavaScript has them
   * @returns what is wrong, each with the FHIRPath of its element; empty if the resource is valid
   */
  validate(resource: JsonObject): Issue[];
  /**
   * @throws FhirError 400 if the body doesn't have the shape of a resource (issue code `structure`), 422 if it breaks a
   *   rule: a required element or code, a format, a cardinality, an invariant
   */
  assertValid(resource: JsonObject): asserts resource is Resource;
}

/** Loads the validator in about 150 ms. @throws if `npm run build` hasn't made its files */
export const createValidator = (folder: string = generatedFolder): Validator => {
  if (!existsSync(path.join(folder, 'shape.cjs')))
    throw new Error(`${folder} lacks the validator's files: run npm run build`);
  const shape = loadShapeCheck(folder);
  const rules = loadRuleCheck(folder);
  const table = JSON.parse(readFileSync(path.join(folder, 'type-table.json'), 'utf8')) as TypeTable;

  const validate = (resource: JsonObject): Issue[] => {
    try {
      const fault = shape(resource);
      if (fault !== undefined) return [fault];
      const content = checkContent(resource);
      if (content.issues.length > 0) return content.issues;
      return [...rules(resource, content), ...checkTypes(resource, table)].slice(0, MOST_ISSUES);
    } catch (error) {
      // Nested so deep, or a text so long, that the stack doesn't hold it.
      if (!(error instanceof RangeError)) throw error;
      return [
        {
          severity: 'error',
          code: 'too-costly',
          diagnostics: 'Too large or too deep to validate',
          expression: [typeOf(resource)],
        },
      ];
    }
  };

  return {
    validate,
    assertValid(resource): asserts resource is Resource {
      const issues = validate(resource);
      if (issues.length > 0)
        throw new FhirError(issues.some(({ code }) => code === 'structure') ? 400 : 422, issues);
    },
  };
};
