import {
  extractIndexed,
  parametersOf,
  type IndexedValue,
  type SearchParameter,
} from '@fhir-fabric-gateway/mappings';
import { foldString } from '../../index-store/fold.ts';
import type { Resource } from '../../fhir/resource.ts';

/** Many values, which nobody finds a definition by: codes are asked of the terminology operations. */
const LEFT_OUT = ['code', 'path', 'base-path', 'description', 'valueset', 'target', '_profile'];
const KINDS = ['token', 'uri', 'string', 'date', 'reference'];

/** Whether definitions are found by a parameter of their type. */
export const isDefinitionParameter = (
  type: string,
  { code, type: kind, extracted }: SearchParameter,
): boolean =>
  code === '_id' ||
  (extracted !== false &&
    KINDS.includes(kind) &&
    (!LEFT_OUT.includes(code) || (code === 'code' && type !== 'CodeSystem' && type !== 'ValueSet')));

export const definitionParameters = (type: string): SearchParameter[] =>
  parametersOf(type).filter((parameter) => isDefinitionParameter(type, parameter));

export interface FoundValue {
  parameter: string;
  value: string;
  system: string;
  /** Milliseconds since 1970, for dates. */
  low: number;
  high: number;
}

const LAST = Number.MAX_SAFE_INTEGER;
const clamp = (time: number): number => Math.max(-LAST, Math.min(LAST, time));

function columns(value: IndexedValue): Omit<FoundValue, 'parameter'> | undefined {
  const none = { system: '', low: 0, high: 0 };
  switch (value.kind) {
    case 'token':
      return value.code === undefined
        ? undefined
        : { ...none, value: value.code.toLowerCase(), system: value.system ?? '' };
    case 'uri':
      return { ...none, value: value.value };
    case 'string':
      return { ...none, value: foldString(value.value) };
    case 'date':
      return { ...none, value: '', low: clamp(value.from), high: clamp(value.to) };
    case 'reference':
      return value.type !== undefined && value.id !== undefined
        ? { ...none, value: `${value.type}/${value.id}` }
        : value.url === undefined
          ? undefined
          : { ...none, value: value.url };
    default:
      return undefined;
  }
}

/** What a definition is found by. */
export function foundValues(resource: Resource): FoundValue[] {
  return extractIndexed(resource).flatMap(({ parameter, value }) => {
    if (!isDefinitionParameter(resource.resourceType, parameter)) return [];
    const found = columns(value);
    return found ? [{ parameter: parameter.code, ...found }] : [];
  });
}
