import { sql } from '../sql.ts';
import type { DialectWords } from '../connection.ts';
import { aside } from '../write-values.ts';
import { malformed, not, ofParameters, type Asked, type Condition } from './condition.ts';

const TABLES = {
  token: 'token',
  uri: 'token',
  string: 'string',
  date: 'date',
  number: 'quantity',
  quantity: 'quantity',
  reference: 'reference',
  composite: 'composite',
  special: 'quantity',
} as const;

/** `:missing=true|false`. https://hl7.org/fhir/R4/search.html#modifiers */
export function missingCondition(words: DialectWords, { name, parameters, value }: Asked): Condition {
  if (value !== 'true' && value !== 'false') throw malformed(name, 'The value of :missing is true or false.');
  const type = parameters[0]?.type ?? 'special';
  const numbers = parameters.map(({ number }) => number);
  const among = (table: string, of: readonly number[]) => (r: string) =>
    sql`exists (select 1 from ${sql.ref(table)} v where ${words.same(sql.ref('v.rid'), sql.ref(`${r}.rid`))} and ${ofParameters('v', of)})`;
  const own = among(TABLES[type], numbers);
  const other = type === 'token' || type === 'reference' ? among('token', numbers.map(aside)) : undefined;
  const present: Condition = { rank: 80, holds: (r) => (other ? sql`(${own(r)} or ${other(r)})` : own(r)) };
  return value === 'false' ? present : not(present);
}
