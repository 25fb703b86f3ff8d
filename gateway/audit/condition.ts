import { FhirError } from '../fhir/errors.ts';
import { momentOf } from './moment.ts';
import type { AuditWords } from './schema.ts';

/** A condition in SQL over `event e` and `agent a`. It is true or false, never NULL. */
export interface Condition {
  sql: string;
  parameters: readonly (string | number)[];
}

/** No row, and every row; not constants, since SQLite finds no way to use an index for a search that is false. */
export const NEVER: Condition = { sql: 'e.seq < 1', parameters: [] };
export const ALWAYS: Condition = { sql: 'e.seq > 0', parameters: [] };
export const is = (sql: string, ...parameters: (string | number)[]): Condition => ({ sql, parameters });

export function anyOf(conditions: readonly Condition[]): Condition {
  if (conditions.length === 0) return NEVER;
  return {
    sql: `(${conditions.map(({ sql }) => sql).join(' OR ')})`,
    parameters: conditions.flatMap(({ parameters }) => parameters),
  };
}

/** A value that the parameter can't have. */
export const badValue = (name: string, value: string, why: string): FhirError =>
  new FhirError(400, { code: 'value', diagnostics: `${name}=${value}: ${why}` });

/** The alternatives of a value, at commas that no backslash escapes. https://hl7.org/fhir/R4/search.html#escaping */
export const alternatives = (value: string): string[] => value.match(/(?:\\.|[^,\\])+/gs) ?? [];

export const unescaped = (value: string): string => value.replace(/\\([\\,|$])/g, '$1');

/** A string without case and accents. */
export const fold = (value: string): string => value.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** A code that rows can have, and the rows that have it. */
export interface TokenValue {
  system: string;
  code: string;
  where: Condition;
}

/** `code`, `system|code`, `system|`, `|code`: which of the values there are it means. */
export function tokenCondition(alternative: string, values: readonly TokenValue[]): Condition {
  const parts = alternative.match(/^((?:\\.|[^|\\])*)\|(.*)$/s);
  const system = parts?.[1] === undefined ? undefined : unescaped(parts[1]);
  const code = unescaped(parts?.[2] ?? alternative);
  const meant = values.filter(
    (value) =>
      (system === undefined || value.system === system) &&
      (code === '' ? parts !== null : value.code === code),
  );
  return anyOf(meant.map(({ where }) => where));
}

const PREFIX = /^(eq|ne|gt|lt|ge|le|sa|eb|ap)?(.*)$/s;

/** Rows whose time stands to the value as its prefix says. `ap` reaches a tenth of the distance from now. */
export function dateCondition(name: string, alternative: string, now: number): Condition {
  const [, prefix = 'eq', text = ''] = PREFIX.exec(alternative) ?? [];
  const moment = momentOf(text);
  if (moment === undefined) throw badValue(name, alternative, 'is not a date');
  const { from, to } = moment;
  switch (prefix) {
    case 'ne':
      return is('e.at NOT BETWEEN ? AND ?', from, to);
    case 'gt':
    case 'sa':
      return is('e.at > ?', to);
    case 'lt':
    case 'eb':
      return is('e.at < ?', from);
    case 'ge':
      return is('e.at >= ?', from);
    case 'le':
      return is('e.at <= ?', to);
    case 'ap': {
      const reach = Math.round(Math.abs(now - from) / 10);
      return is('e.at BETWEEN ? AND ?', from - reach, to + reach);
    }
    default:
      return is('e.at BETWEEN ? AND ?', from, to);
  }
}

/** A text column of an agent, as a string parameter with its modifier sees it. https://hl7.org/fhir/R4/search.html#string */
export function stringCondition(
  words: AuditWords,
  column: 'display' | 'address',
  alternative: string,
  modifier: string | undefined,
): Condition {
  const value = unescaped(alternative);
  if (modifier === 'exact') return is(`a.${column} = ?`, value);
  const folded = fold(value);
  const found = is(`${words.position}(${words.folded(column)}, CAST(? AS TEXT))`, folded);
  return { ...found, sql: modifier === 'contains' ? `${found.sql} > 0` : `${found.sql} = 1` };
}
