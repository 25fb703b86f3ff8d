import { createHash } from 'node:crypto';
import type pg from 'pg';
import { numbered } from '../../database/postgres.ts';
import type { SqlValue } from '../connection.ts';
import { StatementTooLarge } from '../too-large.ts';

/** More values than this no message of the protocol has room for. */
const MOST_VALUES = 65_535;
const KEPT = 500;
/**
 * A prepared statement takes memory of the server in every connection: so many are prepared in all, and none that is long,
 * which takes the server a megabyte and is planned for its values anyway.
 */
const MOST_PREPARED = 400;
const LONGEST_PREPARED = 4000;

/** PostgreSQL has no texts with the character of code 0; it stands for nothing. */
const storable = (value: SqlValue): SqlValue =>
  typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\u{FFFD}') : value;

/** Statements as the driver takes them: a text that is asked again is prepared, under a name, once a connection. */
export class Statements {
  readonly #kept = new Map<string, { text: string; name?: string }>();
  readonly #names = new Set<string>();

  of(text: string, values: readonly SqlValue[]): pg.QueryConfig<SqlValue[]> {
    if (values.length > MOST_VALUES)
      throw new StatementTooLarge(new Error(`${values.length} values in one statement`));
    return { ...this.#statement(text), values: values.map(storable) };
  }

  #statement(text: string): { text: string; name?: string } {
    const known = this.#kept.get(text);
    if (known) {
      if (known.name === undefined) this.#prepare(known);
      return known;
    }
    const statement = { text: numbered(text) };
    if (text.length > LONGEST_PREPARED) return statement;
    const oldest = this.#kept.size < KEPT ? undefined : this.#kept.keys().next().value;
    if (oldest !== undefined) this.#kept.delete(oldest);
    this.#kept.set(text, statement);
    return statement;
  }

  #prepare(statement: { text: string; name?: string }): void {
    const name = createHash('sha1').update(statement.text).digest('base64url');
    if (this.#names.size >= MOST_PREPARED && !this.#names.has(name)) return;
    this.#names.add(name);
    statement.name = name;
  }
}
