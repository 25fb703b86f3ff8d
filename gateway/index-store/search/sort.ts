import type { SearchParameter } from '@fhir-fabric-gateway/mappings';
import { sql } from '../sql.ts';
import { UnknownParameter, ofParameters, type Sql } from './condition.ts';
import { aside } from '../write-values.ts';
import { parametersNamed } from './parameter.ts';

/** One key of the order of results: resources without it come last, whatever the direction. */
export interface SortKey {
  code: string;
  descending: boolean;
  /** The key of the resource under the alias; null when it has none. */
  of(r: string): Sql;
  /** Set when the key's own table holds resources in this order. */
  walk?: 'date' | 'lastUpdated';
  parameters: readonly SearchParameter[];
}

function extreme(parameters: readonly SearchParameter[], descending: boolean, r: string, name: string): Sql {
  const among = ofParameters(
    'k',
    parameters.map(({ number }) => number),
  );
  const best = sql.raw(descending ? 'max' : 'min');
  const rid = sql.ref(`${r}.rid`);
  switch (parameters[0]?.type) {
    case 'date':
      return sql`(select ${best}(k.low) from date k where k.rid = ${rid} and ${among})`;
    case 'quantity':
      // In base units where there are any, so that 1 g comes after 2 mg.
      return sql`coalesce((select ${best}(k.low) from quantity k where k.rid = ${rid} and ${ofParameters(
        'k',
        parameters.map(({ number }) => aside(number)),
      )}), (select ${best}(k.low) from quantity k where k.rid = ${rid} and ${among}))`;
    case 'number':
      return sql`(select ${best}(k.low) from quantity k where k.rid = ${rid} and ${among})`;
    case 'string':
      return sql`(select ${best}(k.folded) from string k where k.rid = ${rid} and ${among})`;
    case 'token':
    case 'uri':
      return sql`(select ${best}(t.value) from token k join term t on t.num = k.term
        where k.rid = ${rid} and ${among})`;
    case 'reference':
      return sql`(select ${best}(t.id) from reference k join name t on t.num = k.target
        where k.rid = ${rid} and ${among})`;
    default:
      throw new UnknownParameter('_sort', `Results can't be sorted by ${name}.`);
  }
}

/** A key of `_sort`. Throws UnknownParameter for what the types don't have, or can't be sorted by. */
export function sortKey(types: readonly string[], code: string, descending: boolean): SortKey {
  if (code === '_lastUpdated') {
    return { code, descending, parameters: [], of: (r) => sql.ref(`${r}.last_updated`), walk: 'lastUpdated' };
  }
  if (code === '_id') {
    return {
      code,
      descending,
      parameters: [],
      of: (r) => sql`(select k.id from name k where k.num = ${sql.ref(`${r}.rid`)})`,
    };
  }
  const parameters = parametersNamed(types, code, '_sort');
  extreme(parameters, descending, 'r', code);
  return {
    code,
    descending,
    parameters,
    of: (r) => extreme(parameters, descending, r, code),
    ...(parameters[0]?.type === 'date' && parameters.length === 1 && { walk: 'date' }),
  };
}
