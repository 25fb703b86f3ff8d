import { readFileSync } from 'node:fs';
import { isPending, onParametersChanged, ownParametersOf } from './own-table.ts';
import type { ComponentRow, ParameterRow, ParameterTable } from './path.ts';
import type { SearchParameter } from './values.ts';

/** A parameter as it is seen outside, with the paths that only extraction uses. */
export interface CompiledParameter {
  parameter: SearchParameter;
  row: ParameterRow;
}

interface CompiledType {
  list: readonly SearchParameter[];
  byCode: ReadonlyMap<string, SearchParameter>;
  compiled: readonly CompiledParameter[];
}

// Read when first asked for. What the operator adds is there before anything is asked.
let table: ParameterTable | undefined;
const types = new Map<string, CompiledType>();
onParametersChanged(() => types.clear());
const none: CompiledType = { list: [], byCode: new Map(), compiled: [] };

function load(): ParameterTable {
  if (table !== undefined) return table;
  const file = new URL('../generated/search-parameters.json', import.meta.url);
  try {
    table = JSON.parse(readFileSync(file, 'utf8')) as ParameterTable;
  } catch (cause) {
    throw new Error('The table of search parameters has not been built: npm run build', { cause });
  }
  return table;
}

const OWN_COLUMNS = ['_id', '_lastUpdated'];

const described = ({ number, url, code, type, targets }: ComponentRow): SearchParameter => ({
  number,
  url,
  code,
  type,
  ...(targets && { targets }),
});

function parameterFrom(row: ParameterRow): SearchParameter {
  const extracted = row.paths.length > 0 && !OWN_COLUMNS.includes(row.code);
  return {
    ...described(row),
    ...(row.components && { components: row.components.map(described) }),
    ...(!extracted && { extracted }),
  };
}

/** Everything about a resource type; empty for a name that is none. */
export function compiledType(type: string): CompiledType {
  const known = types.get(type);
  if (known !== undefined) return known;
  const all = load().types;
  const rows = Object.hasOwn(all, type) ? all[type] : undefined;
  if (rows === undefined) return none;
  const compiled = [...rows, ...ownParametersOf(type)].map((row) => ({ row, parameter: parameterFrom(row) }));
  const list = compiled.map(({ parameter }) => parameter).filter(({ url }) => !isPending(url));
  const made = { compiled, list, byCode: new Map(list.map((parameter) => [parameter.code, parameter])) };
  types.set(type, made);
  return made;
}

/** The search parameters of a resource type, those of every resource included, by code; none for an unknown type. */
export const parametersOf = (type: string): readonly SearchParameter[] => compiledType(type).list;

/** A search parameter by its code, `code` of `Observation?code=`. */
export const parameterOf = (type: string, code: string): SearchParameter | undefined =>
  compiledType(type).byCode.get(code);

/** Types that have search parameters: all of R4's. */
export const searchableTypes = (): readonly string[] => Object.keys(load().types);

/** https://hl7.org/fhir/R4/compartmentdefinition.html */
export type Compartment = 'Patient' | 'Encounter' | 'RelatedPerson' | 'Practitioner' | 'Device';

/**
 * The reference parameters by which resources of a type are in a compartment; none if the type never is. The resource
 * whose compartment it is is in it besides.
 */
export function compartmentParameters(
  type: string,
  compartment: Compartment = 'Patient',
): readonly SearchParameter[] {
  const all = load().compartments[compartment] ?? {};
  const codes = Object.hasOwn(all, type) ? (all[type] ?? []) : [];
  return codes.map((code) => parameterOf(type, code)).filter((parameter) => parameter !== undefined);
}
