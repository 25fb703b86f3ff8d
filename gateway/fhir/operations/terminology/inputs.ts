import type {
  CodeableConcept,
  Coding,
  Parameters,
  ParametersParameter,
  Resource as FhirResource,
} from '@medplum/fhirtypes';
import type { Services } from '../../../services.ts';
import { FhirError, badRequest } from '../../errors.ts';
import type { FhirRequest } from '../../request.ts';

/** Parameters of an operation, from the query of a GET or the Parameters of a POST. Reading them throws 400. */
export interface Inputs {
  text(name: string): string | undefined;
  texts(name: string): string[];
  /** A number from 0. */
  count(name: string): number | undefined;
  flag(name: string): boolean | undefined;
  coding(name: string): Coding | undefined;
  concept(name: string): CodeableConcept | undefined;
  resource<T extends FhirResource['resourceType']>(
    name: string,
    type: T,
  ): Extract<FhirResource, { resourceType: T }> | undefined;
}

const OF_THE_REQUEST = ['_format', '_pretty'];

/**
 * The parameters of the request, each with one that the operation takes. Throws 400 for others (unless handling is lenient)
 * and 400 or 422 for a body that is no valid Parameters.
 * https://hl7.org/fhir/R4/operations.html#request
 */
export function inputsOf(request: FhirRequest, { validate }: Services, taken: readonly string[]): Inputs {
  const { query, body, prefer } = request;
  const given: ParametersParameter[] = query
    .filter(([name]) => !OF_THE_REQUEST.includes(name))
    .map(([name, valueString]) => ({ name, valueString }));
  if (body) {
    const issues = validate(body.resource);
    if (issues.length > 0)
      throw new FhirError(issues.some(({ code }) => code === 'structure') ? 400 : 422, issues);
    if (body.resource.resourceType !== 'Parameters')
      throw badRequest('The body of an operation is a Parameters resource.', body.resource.resourceType);
    given.push(...((body.resource as unknown as Parameters).parameter ?? []));
  }
  const unknown = given.find(({ name = '' }) => !taken.includes(name));
  if (unknown && !prefer.lenient)
    throw badRequest(`The operation does not take ${unknown.name ?? ''}.`, unknown.name);
  const of = (name: string) => given.filter((one) => one.name === name);
  const one = (name: string): ParametersParameter | undefined => {
    const [first, second] = of(name);
    if (second) throw badRequest(`${name} may be given once.`, name);
    return first;
  };
  const text = (name: string): string | undefined => {
    const parameter = one(name);
    return parameter && valueOf(parameter);
  };
  return {
    text,
    texts: (name) => of(name).map(valueOf),
    count(name) {
      const value = text(name);
      if (value === undefined) return undefined;
      if (!/^\d{1,9}$/.test(value)) throw badRequest(`${name} must be a number from 0.`, name);
      return Number(value);
    },
    flag(name) {
      const value = text(name);
      if (value !== undefined && value !== 'true' && value !== 'false')
        throw badRequest(`${name} is true or false.`, name);
      return value === undefined ? undefined : value === 'true';
    },
    coding: (name) => typed(one(name), name, 'valueCoding'),
    concept: (name) => typed(one(name), name, 'valueCodeableConcept'),
    resource<T extends FhirResource['resourceType']>(name: string, type: T) {
      const resource = typed(one(name), name, 'resource');
      if (resource && !isOf(resource, type)) throw badRequest(`${name} must be a ${type}.`, name);
      return resource;
    },
  };
}

const isOf = <T extends FhirResource['resourceType']>(
  resource: FhirResource,
  type: T,
): resource is Extract<FhirResource, { resourceType: T }> => resource.resourceType === type;

function typed<K extends 'valueCoding' | 'valueCodeableConcept' | 'resource'>(
  parameter: ParametersParameter | undefined,
  name: string,
  kind: K,
): ParametersParameter[K] {
  if (parameter && parameter[kind] === undefined)
    throw badRequest(`${name} must be given as ${kind} in a Parameters resource.`, name);
  return parameter?.[kind];
}

/** A primitive as text, whatever its type. */
function valueOf(parameter: ParametersParameter): string {
  const [, value] = Object.entries(parameter).find(([key]) => key.startsWith('value')) ?? [];
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return String(value);
  throw badRequest(`${parameter.name ?? ''} must have a simple value.`, parameter.name);
}
