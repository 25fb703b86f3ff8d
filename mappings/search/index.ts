export type { IndexedValue, Indexed, SearchParameter, SearchParameterType } from './values.ts';
export type { ExtractOptions } from './value-of/index.ts';
export type { NumberSpan } from './precision.ts';
export type { DateSpan } from './date-span.ts';
export type { ReferenceTarget } from './reference-target.ts';
export {
  compartmentParameters,
  parameterOf,
  parametersOf,
  searchableTypes,
  type Compartment,
} from './table.ts';
export { compileSearchParameters, SearchParameterError } from './own-parameters.ts';
export { useSearchParameters, withholdSearchParameters, type OwnParameters } from './own-table.ts';
export { extractIndexed } from './extract.ts';
export * from './parse/index.ts';
