import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Database, Reading, Row, Schema, SchemaWords, SqlValue, Statement } from './port.ts';

const WORDS: SchemaWords = {
  number: 'INTEGER',
  real: 'REAL',
  bytes: 'BLOB',
  counted: 'INTEGER PRIMARY KEY',
  end: 'STRICT',
  clustered: 'STRICT, WITHOUT ROWID',
};

const KEPT_STATEMENTS = 500;

/** Keeps prepared statements by their text. */
class Statements {
  readonly #database: DatabaseSync;
  readonly #kept = new Map<string, StatementSync>();
  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  get(text: string): StatementSync {
    const known = this.#kept.get(text);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(text);
    const oldest = this.#kept.size < KEPT_STATEMENTS ? undefined : this.#kept.keys().next().value;
    if (oldest !== undefined) this.#kept.delete(oldest);
    this.#kept.set(text, statement);
    return statement;
  }
}

/** Asks a connection that is open already. */
export function reading(database: DatabaseSync): Reading {
  const statements = new Statements(database);
  return {
    all: (text, values = []) => statements.get(text).all(...values) as Row[],
    get: (text, values = []) => statements.get(text).get(...values) as Row | undefined,
  };
}

/** A connection that is open already, by itself or shared with whoever opened it. */
export function overSqlite(database: DatabaseSync): Database {
  const statements = new Statements(database);
  const run = (text: string, values: readonly SqlValue[] = []): number =>
    Number(statements.get(text).run(...values).changes);
  const transaction = (list: readonly Statement[]): boolean => {
    database.exec('BEGIN IMMEDIATE');
    try {
      const whole = list.every(({ text, values, needed }) => run(text, values) > 0 || needed !== true);
      database.exec(whole ? 'COMMIT' : 'ROLLBACK');
      return whole;
    } catch (error) {
      database.exec('ROLLBACK');
      throw error;
    }
  };
  const synchronous = (): number => Number(database.prepare('PRAGMA synchronous').get()?.['synchronous']);

  return {
    ...reading(database),
    run,
    together: transaction,
    durably(list) {
      const before = synchronous();
      database.exec('PRAGMA synchronous = FULL');
      try {
        return transaction(list);
      } finally {
        database.exec(`PRAGMA synchronous = ${before}`);
      }
    },
    close: () => {
      database.close();
    },
  };
}

/** Makes the tables that are missing. */
export function createTables(database: DatabaseSync, schema: Schema): void {
  database.exec(schema(WORDS));
}

/** Opens the file, or `:memory:`, and creates its tables. */
export function openSqlite(file: string, schema: Schema): Database {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000;');
  createTables(database, schema);
  return counted(overSqlite(database));
}

/** With `writes`: of a connection through which alone the file is written. */
function counted(database: Database): Database {
  let writes = 0;
  const counting =
    <A extends unknown[], R>(write: (...args: A) => R) =>
    (...args: A): R => {
      writes += 1;
      return write(...args);
    };
  const { run, together, durably } = database;
  return {
    ...database,
    ...{ run: counting(run), together: counting(together), durably: counting(durably) },
    writes: () => writes,
  };
}
