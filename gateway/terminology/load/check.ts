import type { Json, JsonObject, Resource } from '../../fhir/resource.ts';
import { typeRow } from '@fhir-fabric-gateway/chaincode/api';

const STATUS = ['draft', 'active', 'retired', 'unknown'];
const TERMINOLOGY = ['CodeSystem', 'ValueSet', 'ConceptMap'];

export const isDefinitional = (type: string): boolean => typeRow(type)?.homes[0] === 'definitional';

const isText = (value: Json | undefined): boolean => typeof value === 'string' && value !== '';
const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What is wrong with a concept of a code system, or with one below it; undefined when nothing is. */
export function conceptProblem(concept: Json): string | undefined {
  if (!isObject(concept) || !isText(concept['code'])) return 'a concept has no code';
  const below = concept['concept'] ?? [];
  if (!Array.isArray(below)) return `the concept ${String(concept['code'])} holds no list of concepts`;
  for (const one of below) {
    const problem = conceptProblem(one);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function composeProblem({ compose }: Resource): string | undefined {
  if (compose === undefined) return undefined;
  if (!isObject(compose) || !Array.isArray(compose['include'])) return 'compose has no include';
  const parts = [...compose['include'], ...(Array.isArray(compose['exclude']) ? compose['exclude'] : [])];
  for (const part of parts) {
    if (!isObject(part) || !(isText(part['system']) || Array.isArray(part['valueSet'])))
      return 'a part of compose has neither system nor valueSet';
    const filters = part['filter'] ?? [];
    if (!Array.isArray(filters)) return 'compose has a filter that is no list';
    if (filters.some((filter) => !isObject(filter) || !isText(filter['property']) || !isText(filter['op'])))
      return 'a filter of compose has no property or op';
  }
  return undefined;
}

/**
 * What is wrong with a definition, as far as it would be in the way of using it; undefined when nothing is. Concepts are
 * judged one by one.
 */
export function definitionProblem(resource: Resource): string | undefined {
  const { resourceType: type } = resource;
  if (!isDefinitional(type)) return `a ${type} is no definition`;
  if (!isText(resource['url'])) return `the ${type} has no url`;
  if (resource['version'] !== undefined && !isText(resource['version'])) return 'its version is no text';
  if (TERMINOLOGY.includes(type) && !STATUS.includes(String(resource['status'])))
    return `the ${type} has no status (one of ${STATUS.join(', ')})`;
  if (type === 'CodeSystem' && !isText(resource['content'])) return 'the CodeSystem does not say its content';
  return type === 'ValueSet' ? composeProblem(resource) : undefined;
}

/** What is wrong with a package's manifest: it is for another FHIR than R4. */
export function manifestProblem(manifest: JsonObject): string | undefined {
  const versions = manifest['fhirVersions'] ?? manifest['fhir-version-list'];
  if (!Array.isArray(versions) || versions.length === 0) return undefined;
  if (versions.some((version) => String(version).startsWith('4.0'))) return undefined;
  return `the package is for FHIR ${versions.map(String).join(', ')}, not for R4 (4.0.1)`;
}
