import { evalFhirPathTyped } from '@medplum/core';
import { badRequest } from '../errors.ts';
import type { ParsedBody } from '../json/parse.ts';
import type { Json, JsonObject, Resource } from '../resource.ts';
import type { RequestBody } from '../request.ts';
import { loadDefinitionOf } from '../validation/resource-definitions.ts';
import { isObject } from '../write/draft.ts';
import { make, type Edit } from './edit.ts';
import { locate, memberOf, stepsOf, valueAt, type Location } from './location.ts';
import { definitionOf, elementOf, partsOf } from './parameter-value.ts';
import { assertPathExpression } from './path-expression.ts';
import { patched } from './patched.ts';
import { unprocessable } from './unprocessable.ts';

const MOST_OPERATIONS = 1000;
const LONGEST_PATH = 1000;

/** An edit whose value is to be taken from the operation, in whichever form its numbers are; none for nothing to delete. */
type Planned = (operation: JsonObject) => Edit | undefined;

/**
 * A resource changed by a FHIRPath Patch, all of it or nothing. https://hl7.org/fhir/R4/fhirpatch.html
 * @param parameters a valid Parameters resource
 * @throws FhirError 400 when it is no FHIRPath Patch, 422 when it can't be applied; both name the parameter
 */
export function applyFhirPathPatch(document: ParsedBody, parameters: RequestBody): ParsedBody {
  const done: Planned[] = [];
  loadDefinitionOf(String(document.resource['resourceType']));
  return patched(document, parameters.exact ?? parameters.resource, (tree, values, decides) => {
    const operations = operationsOf(values as JsonObject);
    for (const [at, operation] of operations.entries()) {
      if (decides) done.push(planned(tree as Resource, operation, `Parameters.parameter[${at}]`));
      const edit = done[at]?.(operation);
      if (edit) make(tree, edit);
    }
  });
}

function operationsOf(parameters: JsonObject): JsonObject[] {
  const given = ((parameters['parameter'] ?? []) as Json[]).filter(isObject);
  const stranger = given.findIndex(({ name }) => name !== 'operation');
  if (stranger >= 0)
    throw badRequest('A FHIRPath Patch has parameters named operation.', `Parameters.parameter[${stranger}]`);
  if (given.length > MOST_OPERATIONS)
    throw badRequest(`A FHIRPath Patch has at most ${MOST_OPERATIONS} operations.`, 'Parameters.parameter');
  return given;
}

/** The one part of that name, of the type that the specification says. */
function partOf(operation: JsonObject, name: string, type: string, expression: string): Json {
  const [part, more] = partsOf(operation, name);
  const value = part?.[type];
  if (value === undefined || more) throw badRequest(`The operation needs one ${name} (${type}).`, expression);
  return value;
}

function planned(resource: Resource, operation: JsonObject, expression: string): Planned {
  const type = partOf(operation, 'type', 'valueCode', expression);
  const path = String(partOf(operation, 'path', 'valueString', expression));
  const whole = (name: string) => Number(partOf(operation, name, 'valueInteger', expression));
  switch (type) {
    case 'add':
      return adding(resource, path, String(partOf(operation, 'name', 'valueString', expression)), expression);
    case 'insert':
      return inserting(resource, path, whole('index'), expression);
    case 'delete':
      return deleting(resource, path, expression);
    case 'replace':
      return replacing(resource, path, expression);
    case 'move':
      return moving(resource, path, whole('source'), whole('destination'), expression);
    default:
      throw badRequest('The type must be add, insert, delete, replace or move.', expression);
  }
}

/** An element that a path leads to. */
interface Target {
  type: string;
  location: Location;
  /** The same as FHIRPath has it: `value` where JSON has `valueQuantity`. */
  steps: Location;
}

const nameOf = (steps: Location): string => String(steps.findLast((step) => typeof step === 'string'));

/** The elements that a path leads to; throws 400 for what is no FHIRPath, 422 when it leads to no element of the resource. */
function targetsOf(resource: Resource, path: string, expression: string): Target[] {
  if (path.length > LONGEST_PATH)
    throw badRequest(`A path has at most ${LONGEST_PATH} characters.`, expression);
  assertPathExpression(path, expression);
  let found: ReturnType<typeof evalFhirPathTyped>;
  try {
    found = evalFhirPathTyped(path, [{ type: resource.resourceType, value: resource }]);
  } catch {
    throw badRequest(`The path is no FHIRPath that can be evaluated here: ${path}`, expression);
  }
  return found.map((value) => {
    const { type } = value;
    const at = 'path' in value ? value.path : undefined;
    const whole = at === resource.resourceType || at?.startsWith(`${resource.resourceType}.`);
    const steps = at === undefined ? undefined : stepsOf(whole ? at : `.${at}`);
    const location = steps && locate(resource, steps);
    if (!steps || !location) throw unprocessable(`${path} is no element of the resource.`, expression);
    return { type, location, steps };
  });
}

function onlyTarget(resource: Resource, path: string, expression: string): Target {
  const [target, more] = targetsOf(resource, path, expression);
  if (!target || more)
    throw unprocessable(`${path} must lead to one element, not ${more ? 'several' : 'none'}.`, expression);
  return target;
}

/** The value that an operation has for an element. */
const given = (operation: JsonObject, type: string, name: string, expression: string) => {
  const [value, more] = partsOf(operation, 'value');
  if (!value || more) throw badRequest('The operation needs one value.', expression);
  return elementOf(type, name, value, expression);
};

function adding(resource: Resource, path: string, name: string, expression: string): Planned {
  const { type, location } = onlyTarget(resource, path, expression);
  const parent = valueAt(resource, location);
  const own = isObject(parent) ? type : 'Element';
  const repeats = definitionOf(own, name)?.isArray === true;
  if (!repeats && isObject(parent) && memberOf(parent, name) !== undefined)
    throw unprocessable(`${path}.${name} is there already: replace it.`, expression);
  return (operation) => {
    const { key, value } = given(operation, own, name, expression);
    return { do: repeats ? 'append' : 'set', at: location, key, value };
  };
}

/** The list that a path leads to, and how many it has. */
function listOf(resource: Resource, path: string, expression: string): Target & { length: number } {
  const [first, ...others] = targetsOf(resource, path, expression);
  const at = first?.location.slice(0, -1) ?? [];
  const list = valueAt(resource, at);
  const inOne = others.every(({ location }) => location.slice(0, -1).join() === at.join());
  if (!first || !Array.isArray(list) || !inOne || others.length + 1 !== list.length)
    throw unprocessable(`${path} must lead to one list.`, expression);
  return { ...first, location: at, steps: first.steps.slice(0, -1), length: list.length };
}

function inserting(resource: Resource, path: string, index: number, expression: string): Planned {
  const [, parent, name = ''] = /^(.*)\.([A-Za-z]+)$/.exec(path) ?? [];
  if (index === 0 && parent !== undefined && targetsOf(resource, path, expression).length === 0)
    return adding(resource, parent, name, expression);
  const list = listOf(resource, path, expression);
  if (index < 0 || index > list.length)
    throw unprocessable(`${path} has ${list.length} elements: there is no place ${index}.`, expression);
  const owner = ownerOf(resource, list.steps, expression);
  return (operation) => {
    const { value } = given(operation, owner, nameOf(list.steps), expression);
    return { do: 'insert', at: list.location, index, value };
  };
}

function deleting(resource: Resource, path: string, expression: string): Planned {
  const [target, more] = targetsOf(resource, path, expression);
  if (more) throw unprocessable(`${path} must lead to one element, not several.`, expression);
  if (target?.location.length === 0) throw unprocessable('A resource is not deleted by a patch.', expression);
  return () => target && { do: 'remove', at: target.location };
}

function replacing(resource: Resource, path: string, expression: string): Planned {
  const { location, steps } = onlyTarget(resource, path, expression);
  const last = location.at(-1);
  if (last === undefined) throw unprocessable('A resource is not replaced by a patch.', expression);
  const owner = ownerOf(resource, typeof last === 'number' ? steps.slice(0, -1) : steps, expression);
  return (operation) => {
    const { key, value } = given(operation, owner, nameOf(steps), expression);
    if (typeof last === 'number') return { do: 'place', at: location, value };
    return { do: 'rename', at: location, key, value };
  };
}

function moving(resource: Resource, path: string, from: number, to: number, expression: string): Planned {
  const { location, length } = listOf(resource, path, expression);
  if (![from, to].every((place) => place >= 0 && place < length))
    throw unprocessable(`${path} has ${length} elements: it has no such places.`, expression);
  return () => ({ do: 'move', at: location, from, to });
}

/** The type of what has the element or list at the end of these steps. */
function ownerOf(resource: Resource, steps: Location, expression: string): string {
  const path = steps
    .slice(0, -1)
    .reduce<string>(
      (text, step) => (typeof step === 'number' ? `${text}[${step}]` : `${text}.${step}`),
      resource.resourceType,
    );
  return onlyTarget(resource, path, expression).type;
}
