import {
  parseDate,
  parseToken,
  SearchValueError,
  splitValue,
  unescapeValue,
} from '@fhir-fabric-gateway/mappings';
import { badRequest, FhirError } from '../../fhir/errors.ts';
import { afterPrefix, foldString } from '../../index-store/fold.ts';
import type { DefinitionMatches, DefinitionSearch } from '../port.ts';
import { text, type DefinitionFile, type Value } from './database.ts';
import { definitionParameters } from './search-values.ts';
import { contentOf, keptOf, type Kept, type Shelf } from './shelf.ts';

/** A condition on a row `f` of `found`. */
interface Condition {
  sql: string;
  values: readonly Value[];
}

const unsupported = (name: string): FhirError =>
  new FhirError(400, {
    code: 'not-supported',
    diagnostics: `${name} is not supported for definitions.`,
    expression: [`http.${name}`],
  });

const PREFIXES: Record<string, (low: number, high: number) => Condition> = {
  eq: (low, high) => ({ sql: 'f.low >= ? and f.high <= ?', values: [low, high] }),
  ne: (low, high) => ({ sql: 'not (f.low >= ? and f.high <= ?)', values: [low, high] }),
  gt: (_, high) => ({ sql: 'f.high > ?', values: [high] }),
  lt: (low) => ({ sql: 'f.low < ?', values: [low] }),
  ge: (low) => ({ sql: 'f.high >= ?', values: [low] }),
  le: (_, high) => ({ sql: 'f.low <= ?', values: [high] }),
  sa: (_, high) => ({ sql: 'f.low > ?', values: [high] }),
  eb: (low) => ({ sql: 'f.high < ?', values: [low] }),
  ap: (low, high) => ({ sql: 'f.high >= ? and f.low <= ?', values: [low, high] }),
};

const begins = (value: string): Condition => ({
  sql: 'f.value >= ? and f.value < ?',
  values: [value, afterPrefix(value)],
});
const is = (value: string): Condition => ({ sql: 'f.value = ?', values: [value] });

function tokenMatches(piece: string): Condition {
  const { system, code } = parseToken(piece);
  const ofSystem: Condition =
    system === undefined ? { sql: '1', values: [] } : { sql: 'f.system = ?', values: [system ?? ''] };
  if (code === undefined) return ofSystem;
  return { sql: `f.value = ? and ${ofSystem.sql}`, values: [code.toLowerCase(), ...ofSystem.values] };
}

function matches(kind: string, modifier: string | undefined, name: string, piece: string): Condition {
  const plain = unescapeValue(piece);
  switch (`${kind}:${modifier ?? ''}`) {
    case 'token:':
    case 'token:not':
      return tokenMatches(piece);
    case 'uri:':
    case 'reference:':
      return is(plain);
    case 'uri:below':
      return begins(plain);
    case 'string:':
      return begins(foldString(plain));
    case 'string:exact':
      return is(foldString(plain));
    case 'string:contains':
      return { sql: 'instr(f.value, ?) > 0', values: [foldString(plain)] };
    case 'date:': {
      const { prefix, from, to } = parseDate(piece);
      const condition = PREFIXES[prefix];
      if (!condition) throw unsupported(name);
      return condition(from, to);
    }
    default:
      throw unsupported(name);
  }
}

const IS_THERE = 'select 1 as found from resource where type = ? and id = ?';

/** One parameter as a condition on a row `r` of `resource`. Throws 400. */
function parameterCondition(type: string, name: string, value: string): Condition {
  const [code = '', modifier] = name.split(':');
  const pieces = splitValue(value, ',');
  if (code === '_id' && modifier === undefined)
    return { sql: `r.id in (${pieces.map(() => '?').join(', ')})`, values: pieces.map(unescapeValue) };
  const parameter = definitionParameters(type).find((one) => one.code === code && one.code !== '_id');
  if (!parameter) throw unsupported(name);
  const present = 'exists (select 1 from found f where f.resource = r.num and f.parameter = ?';
  if (modifier === 'missing') return { sql: `${value === 'true' ? 'not ' : ''}${present})`, values: [code] };
  const alternatives = pieces.map((piece) => matches(parameter.type, modifier, name, piece));
  return {
    sql: `${modifier === 'not' ? 'not ' : ''}${present} and (${alternatives.map(({ sql }) => `(${sql})`).join(' or ')}))`,
    values: [code, ...alternatives.flatMap(({ values }) => values)],
  };
}

function conditionsOf({ type, parameters, lenient }: DefinitionSearch) {
  const conditions: Condition[] = [];
  const used: [string, string][] = [];
  for (const [name, value] of parameters) {
    try {
      conditions.push(parameterCondition(type, name, value));
      used.push([name, value]);
    } catch (error) {
      if (error instanceof SearchValueError) throw badRequest(`${name}: ${error.message}`, name);
      if (!(error instanceof FhirError) || !lenient) throw error;
    }
  }
  return { conditions, used };
}

/**
 * The definitions of a type that match, in the order of `_sort`, else of their ids. What an earlier file has of an id, a
 * later one does not show. Throws 400 for parameters that are not supported, unless lenient.
 */
export function searchDefinitions(shelf: Shelf, search: DefinitionSearch): DefinitionMatches {
  const { conditions, used } = conditionsOf(search);
  const where = ['r.type = ?', ...conditions.map(({ sql }) => sql)].join(' and ');
  const values = [search.type, ...conditions.flatMap((condition) => condition.values)];
  const keys = search.sort.map((key) => {
    if (key.code !== '_id' && !definitionParameters(search.type).some(({ code }) => code === key.code))
      throw unsupported(`_sort=${key.code}`);
    return key;
  });
  const found: { kept: Kept; id: string; order: (string | number)[] }[] = [];
  for (const [at, file] of shelf.files.entries())
    for (const row of file.all(`select r.num, r.id from resource r where ${where}`, ...values)) {
      const id = text(row['id']);
      if (shelf.files.slice(0, at).some((earlier) => earlier.get(IS_THERE, search.type, id))) continue;
      const kept = keptOf(file, row);
      found.push({ kept, id, order: keys.map(({ code }) => sortValue(file, kept.num, code, id)) });
    }
  found.sort((one, other) => {
    for (const [at, { descending }] of keys.entries()) {
      const order = compare(one.order[at], other.order[at]);
      if (order !== 0) return descending ? -order : order;
    }
    return compare(one.id, other.id);
  });
  return {
    total: found.length,
    used,
    matches: found.slice(search.offset, search.offset + search.count).map(({ kept: { file, num } }) => {
      const row = file.get('select * from resource where num = ?', num) ?? {};
      return contentOf(keptOf(file, row));
    }),
  };
}

const compare = (one: string | number = '', other: string | number = ''): number =>
  one < other ? -1 : one > other ? 1 : 0;

function sortValue(file: DefinitionFile, num: number, code: string, id: string): string | number {
  if (code === '_id') return id;
  const row = file.get(
    'select value, low from found where resource = ? and parameter = ? limit 1',
    num,
    code,
  );
  return text(row?.['value']) || Number(row?.['low'] ?? 0);
}
