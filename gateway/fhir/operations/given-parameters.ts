import { badRequest } from '../errors.ts';
import type { FhirRequest, RequestBody } from '../request.ts';
import type { Json, JsonObject, Resource } from '../resource.ts';
import { isObject } from '../write/draft.ts';
import type { Operation, OperationParameter } from './operation.ts';
import { isPrimitive, primitiveFault } from './primitives.ts';

/** What a call was given: primitive values as text, in order, whether they came in the URL or in Parameters. */
export interface GivenParameters {
  pairs: readonly (readonly [name: string, value: string])[];
  /** Values of complex types; resources are not validated yet. */
  complex: readonly (readonly [name: string, value: JsonObject])[];
  /** The parameter of type Resource, of which an operation has at most one. */
  resource?: RequestBody;
}

/** The one value of a primitive parameter. */
export const givenText = ({ pairs }: GivenParameters, name: string): string | undefined =>
  pairs.find(([other]) => other === name)?.[1];

export const givenTexts = ({ pairs }: GivenParameters, name: string): string[] =>
  pairs.filter(([other]) => other === name).map(([, value]) => value);

/** What says how the answer is written belongs to no operation. */
const FORM = new Set(['_format', '_pretty']);

/**
 * Reads a call's parameters from its query and, when posted, from a Parameters resource; an operation with a parameter of
 * type Resource also takes that resource as its body. https://hl7.org/fhir/R4/operations.html#request
 * Throws 400 that names a parameter which is unknown (unless `Prefer: handling=lenient`), missing, given too often or of
 * another type.
 */
export function givenParameters(operation: Operation, request: FhirRequest): GivenParameters {
  const { query, body, prefer } = request;
  const pairs: (readonly [string, string])[] = [];
  const complex: (readonly [string, JsonObject])[] = [];
  let resource: RequestBody | undefined;
  const definitionOf = (name: string): OperationParameter | undefined => {
    const found = operation.parameters.find((one) => one.name === name);
    if (!found && operation.takesSearch) return { name, type: 'string', max: '*' };
    if (found || prefer.lenient) return found;
    throw badRequest(`$${operation.name} does not take ${name.slice(0, 100)}.`, name.slice(0, 100));
  };

  for (const [name, value] of query) {
    const definition = FORM.has(name) ? undefined : definitionOf(name);
    if (!definition) continue;
    if (!isPrimitive(definition.type)) throw badRequest(`${name} has to be posted in Parameters.`, name);
    pairs.push([name, asPrimitive(value, definition)]);
  }
  // An entry of a batch has not been looked at.
  if (body && !isResource(body.resource)) throw badRequest('The body has no resourceType.', 'resourceType');
  const taken = operation.parameters.find(({ type }) => type === 'Resource');
  if (body && body.resource.resourceType !== 'Parameters' && taken) resource = body;
  else if (body) {
    for (const [at, part] of parametersOf(body.resource).entries()) {
      const { name } = part;
      if (typeof name !== 'string') throw badRequest('A parameter has no name.', 'Parameters.parameter.name');
      const definition = definitionOf(name);
      if (!definition) continue;
      if (definition.type === 'Resource') {
        if (resource) throw badRequest(`${name} may be given once.`, name);
        resource = resourceOf(body, at, part, name);
      } else if (isPrimitive(definition.type)) pairs.push([name, primitiveOf(part, definition)]);
      else complex.push([name, complexOf(part, definition)]);
    }
  }
  const given = { pairs, complex, ...(resource && { resource }) };
  assertCounts(operation, given);
  return given;
}

function assertCounts({ parameters }: Operation, { pairs, complex, resource }: GivenParameters): void {
  for (const { name, type, min, max } of parameters) {
    const named =
      type === 'Resource'
        ? resource
          ? 1
          : 0
        : [...pairs, ...complex].filter(([other]) => other === name).length;
    if (min !== undefined && named < min) throw badRequest(`${name} is missing.`, name);
    if (max === undefined && named > 1) throw badRequest(`${name} may be given once.`, name);
  }
}

function parametersOf(resource: Resource): JsonObject[] {
  if (resource.resourceType !== 'Parameters') {
    throw badRequest(
      `The body must be Parameters, not ${resource.resourceType.slice(0, 100)}.`,
      'resourceType',
    );
  }
  const given = resource['parameter'] ?? [];
  if (!Array.isArray(given) || !given.every(isObject)) {
    throw badRequest('parameter must be a list of objects.', 'Parameters.parameter');
  }
  return given;
}

function resourceOf({ exact }: RequestBody, at: number, part: JsonObject, name: string): RequestBody {
  const value = part['resource'];
  if (!isResource(value)) throw badRequest(`${name} must be a resource.`, name);
  const written = exact?.['parameter'];
  const other = Array.isArray(written) ? written[at] : undefined;
  const exactly = isObject(other) ? other['resource'] : undefined;
  return { resource: value, ...(isResource(exactly) && { exact: exactly }) };
}

function isResource(value: Json | undefined): value is Resource {
  return isObject(value) && typeof value['resourceType'] === 'string';
}

const valuesOf = (part: JsonObject): [element: string, value: Json][] =>
  Object.entries(part).filter(([element]) => element.startsWith('value'));

/** Texts may come as any type that is written as text (`valueString` for a uri): clients do not agree on which. */
function primitiveOf(part: JsonObject, definition: OperationParameter): string {
  const [value, second] = valuesOf(part);
  if (!value || second) throw badRequest(`${definition.name} must have one value.`, definition.name);
  const asText = definition.type !== 'boolean' && definition.type !== 'integer';
  const wanted = asText ? 'string' : definition.type === 'boolean' ? 'boolean' : 'number';
  if (typeof value[1] !== wanted)
    throw badRequest(`${definition.name} is a ${definition.type}.`, definition.name);
  return asPrimitive(String(value[1]), definition);
}

function complexOf(part: JsonObject, { name, type }: OperationParameter): JsonObject {
  const value = part[`value${type}`];
  if (!isObject(value)) throw badRequest(`${name} must have value${type}.`, name);
  return value;
}

function asPrimitive(text: string, { name, type }: OperationParameter): string {
  if (isPrimitive(type) && primitiveFault(type, text)) throw badRequest(`${name} is a ${type}.`, name);
  return text;
}
