import type { ErrorObject } from 'ajv';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Issue } from '../errors.ts';
import type { JsonObject } from '../resource.ts';
import { expressionOf, stepsOf, typeOf } from './element-path.ts';

interface CompiledShape {
  (value: unknown): boolean;
  errors?: ErrorObject[] | null;
}

/** Checks that a tree has the shape of a FHIR resource; the first fault, or undefined. */
export type ShapeCheck = (resource: JsonObject) => Issue | undefined;

const JSON_TYPES: Readonly<Record<string, string>> = {
  object: 'an object',
  array: 'a list',
  string: 'a string',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
};

const named = (error: ErrorObject, name: string): string => {
  const value: unknown = (error.params as Record<string, unknown>)[name];
  return Array.isArray(value)
    ? value.slice(0, 12).join(', ') + (value.length > 12 ? ', …' : '')
    : String(value);
};

const explain = (error: ErrorObject): Pick<Issue, 'code' | 'diagnostics'> & { element?: string } => {
  switch (error.keyword) {
    case 'additionalProperties':
      return {
        code: 'structure',
        diagnostics: 'FHIR R4 knows no such element here',
        element: named(error, 'additionalProperty').slice(0, 80),
      };
    case 'discriminator':
      return {
        code: 'structure',
        diagnostics: 'Not the name of a FHIR R4 resource type',
        element: 'resourceType',
      };
    case 'required':
      return { code: 'structure', diagnostics: 'resourceType is missing', element: 'resourceType' };
    case 'type': {
      const type = named(error, 'type');
      return { code: 'structure', diagnostics: `Must be ${JSON_TYPES[type] ?? type}` };
    }
    case 'minItems':
      return { code: 'structure', diagnostics: 'A list must not be empty: leave the element out' };
    case 'choices':
      return { code: 'structure', diagnostics: `Only one of these may be present: ${named(error, 'names')}` };
    case 'anyCoding':
      return {
        code: 'code-invalid',
        diagnostics: `Must have a coding out of: ${named(error, 'allowedValues')}`,
      };
    case 'enum':
      return { code: 'code-invalid', diagnostics: `Must be one of: ${named(error, 'allowedValues')}` };
    case 'maxLength':
      return { code: 'too-long', diagnostics: `Must not be longer than ${named(error, 'limit')} characters` };
    case 'minimum':
    case 'maximum':
      return { code: 'value', diagnostics: `Must be ${named(error, 'comparison')} ${named(error, 'limit')}` };
    case 'minLength':
      return { code: 'value', diagnostics: 'Must not be empty' };
    case 'pattern':
      return { code: 'value', diagnostics: 'Does not have the format of its type' };
    default:
      return { code: 'structure', diagnostics: 'Does not have the shape that FHIR R4 gives this element' };
  }
};

/**
 * A list of primitives may hold null, so that ajv tries null first and complains of that as well: the fault that counts
 * is the one about the value.
 */
const telling = (errors: readonly ErrorObject[]): ErrorObject | undefined =>
  errors.find(
    ({ keyword, params }) => keyword !== 'anyOf' && (params as Record<string, unknown>)['type'] !== 'null',
  );

/** Loads the compiled JSON Schema from the folder of generated files; takes 70 ms. */
export const loadShapeCheck = (folder: string): ShapeCheck => {
  const validate = createRequire(import.meta.url)(path.join(folder, 'shape.cjs')) as CompiledShape;
  return (resource) => {
    if (validate(resource)) return undefined;
    const error = telling(validate.errors ?? []);
    if (error === undefined)
      return { code: 'structure', diagnostics: 'Not a FHIR resource', expression: [typeOf(resource)] };
    const { element, ...issue } = explain(error);
    const steps = stepsOf(resource, error.instancePath);
    if (element !== undefined) steps.push(element);
    return { severity: 'error', ...issue, expression: [expressionOf(typeOf(resource), steps)] };
  };
};
