import { sql } from '../sql.ts';
import type { DialectWords, SchemaWords } from '../connection.ts';
import { POSTGRES_FULLTEXT, postgresFulltext } from '../fulltext/postgres.ts';
import { arrayOf } from './array.ts';

const number = (value: number) => sql.raw(String(value));

/** What PostgreSQL says inside a query. */
export const words: DialectWords = {
  greatest: (values) => sql`greatest(${sql.join([...values])})`,
  includes: (text, part) => sql`strpos(${text}, ${part}) > 0`,
  // A subquery is gathered beforehand unless it asks of the row outside what no table of hashes answers.
  same: (within, outside) => sql`(${within} = ${outside} and ${within} <= ${outside})`,
  once: (subquery) => sql`with once as materialized (${subquery}) select * from once`,
  among: (column, values) => ({
    text: `${column} = any (?::${typeof values[0] === 'string' ? 'text' : 'bigint'}[])`,
    value: arrayOf(
      values.map((value) => [value]),
      0,
    ),
  }),
  fulltext: postgresFulltext,
  visits: ({ account, weight, most }, row) =>
    sql`visited(${number(account)}, ${number(weight)}, ${number(most)}, ${row})`,
};

/** What it says where tables are made. The database's own order of texts is some language's. */
export const SCHEMA_WORDS: SchemaWords = {
  numberKey: 'bigint primary key',
  text: 'text collate "C"',
  bytes: 'bytea',
  clustered: '',
  fulltext: POSTGRES_FULLTEXT,
};

/** What `visited` raises; its detail is the account. */
export const TOO_MANY_VISITS = 'RI001';

/**
 * Counts within the transaction, and ends the statement when it is too much. It looks cheap, so that a row is counted
 * before anything else is asked of it; and it is volatile, so that no row is passed over.
 */
export const VISITED = `
create function visited(account integer, weight double precision, most double precision, row_number bigint) returns boolean
language plpgsql volatile cost 0.01 as $$
declare
  visits double precision := coalesce(nullif(current_setting('read_index.visits', true), ''), '0')::double precision + weight;
begin
  if visits > most then
    raise exception 'too many rows were visited' using errcode = '${TOO_MANY_VISITS}', detail = account::text;
  end if;
  perform set_config('read_index.visits', visits::text, true);
  return true;
end $$`;
