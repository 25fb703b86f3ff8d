import template, { join, raw, Sql } from 'sql-template-tag';
import type { SqlValue } from './connection.ts';

export { Sql };

/** A piece of SQL of the template's texts: a piece among its parts stands as it is, anything else as a value. */
export const sql = (texts: TemplateStringsArray, ...parts: readonly (Sql | SqlValue)[]): Sql =>
  template(texts, ...parts);

/** Text that is SQL already: never what a client sent. */
sql.raw = raw;

const refs = new Map<string, Sql>();

/** A column (`alias.column`), a table or an alias, quoted. There are few names, and each is asked for again and again. */
sql.ref = (name: string): Sql => {
  let ref = refs.get(name);
  if (ref === undefined) {
    const quoted = name.split('.').map((part) => `"${part.replaceAll('"', '""')}"`);
    refs.set(name, (ref = raw(quoted.join('.'))));
  }
  return ref;
};

/** Pieces and values with a text between them; nothing, where there are none. */
sql.join = (parts: readonly (Sql | SqlValue)[], between = ', '): Sql =>
  parts.length === 0 ? raw('') : join([...parts], between);
