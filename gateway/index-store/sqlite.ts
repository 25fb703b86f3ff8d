import { existsSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { Kysely, SqliteDialect, sql } from 'kysely';
import type { Connection, DialectWords, OnVisit, Row, SqlValue } from './connection.ts';
import { StatementTooLarge } from './too-large.ts';

/** Everything that only SQLite says. A PostgreSQL engine is a second file like this one. */
export const words: DialectWords = {
  greatest: (values) => sql<number>`max(${sql.join([...values])})`,
  includes: (text, part) => sql<boolean>`instr(${text}, ${part}) > 0`,
  // It takes the row so that SQLite asks it for each.
  visits: (account, row) => sql<boolean>`visited(${sql.raw(String(account))}, ${row})`,
};

/** Ends of `create table`: a table that is its own primary key's tree. */
export const CLUSTERED = 'without rowid';

/** A primary key of 64 bits. */
export const NUMBER_KEY = 'integer primary key';

const KEPT_STATEMENTS = 500;
/** Longer texts are put together for one search, and are not asked again. */
const LONGEST_KEPT = 50_000;

/** SQLite has one code for every statement that it refuses; these are what it says of those that are too large. */
const LIMITS =
  /^(too many SQL variables|Expression tree is too large|Recursion limit|parser stack overflow|too many (terms|columns|arguments|FROM)|at most \d+ tables|variable number must be|string or blob too big|statement too long)/;

function prepared(database: DatabaseSync, text: string): StatementSync {
  try {
    return database.prepare(text);
  } catch (error) {
    const { message } = error as Error;
    throw LIMITS.test(message) ? new StatementTooLarge(error) : error;
  }
}

class Statements {
  readonly #database: DatabaseSync;
  readonly #kept = new Map<string, StatementSync>();
  readonly #onPrepare: ((text: string) => void) | undefined;
  constructor(database: DatabaseSync, onPrepare?: (text: string) => void) {
    this.#database = database;
    this.#onPrepare = onPrepare;
  }

  get(text: string): StatementSync {
    let statement = this.#kept.get(text);
    if (statement === undefined) {
      statement = prepared(this.#database, text);
      this.#onPrepare?.(text);
      if (text.length > LONGEST_KEPT) return statement;
      const oldest = this.#kept.keys().next();
      if (this.#kept.size >= KEPT_STATEMENTS && !oldest.done) this.#kept.delete(oldest.value);
    } else this.#kept.delete(text);
    this.#kept.set(text, statement);
    return statement;
  }
}

function connect(database: DatabaseSync, onPrepare?: (text: string) => void): Connection {
  const statements = new Statements(database, onPrepare);
  let visiting: OnVisit | undefined;
  database.function('visited', (account, _row) => {
    visiting?.(Number(account));
    return 1;
  });
  const all = (text: string, values: readonly SqlValue[] = [], onVisit?: OnVisit): Row[] => {
    const statement = statements.get(text);
    visiting = onVisit;
    try {
      return statement.all(...values) as Row[];
    } finally {
      visiting = undefined;
    }
  };
  const dialect = new SqliteDialect({
    database: {
      close: () => undefined,
      prepare(text) {
        const statement = statements.get(text);
        return {
          reader: statement.columns().length > 0,
          all: (values) => statement.all(...(values as SqlValue[])),
          run: (values) => statement.run(...(values as SqlValue[])),
          iterate: (values) => statement.iterate(...(values as SqlValue[])),
        };
      },
    },
  });
  return {
    all,
    run(text, values = []) {
      statements.get(text).run(...values);
    },
    kysely: new Kysely<unknown>({ dialect }),
    // Readers may hold it up for a moment; the next erasure, or closing, folds what they left.
    foldLog: () => database.exec('pragma wal_checkpoint(truncate)'),
    close: () => {
      database.close();
    },
  };
}

/**
 * The writer's connection: write-ahead log, so that readers never wait; not synced at each commit, since what is lost is
 * replayed from the ledger; deleted content is overwritten, since erasure must reach the file. Most of a write's cost is
 * the pages it touches, so the log is folded in seldom (64 MB) and pages are read where the system has them.
 */
export function openForWriting(file: string): Connection {
  const database = new DatabaseSync(file);
  database.exec(`pragma journal_mode = wal; pragma synchronous = normal; pragma secure_delete = on;
    pragma cache_size = -65536; pragma temp_store = memory; pragma wal_autocheckpoint = 16000; pragma mmap_size = 1073741824;
    pragma busy_timeout = 5000;`);
  return connect(database);
}

/**
 * A connection that can't write. Throws when the writer has not made the file yet. `onPrepare` is told each statement
 * when it is first prepared.
 */
export function openForReading(file: string, onPrepare?: (text: string) => void): Connection {
  if (!existsSync(file)) throw new Error(`The read-index ${file} is not there: open its writer first.`);
  const database = new DatabaseSync(file, { readOnly: true });
  database.exec('pragma cache_size = -65536; pragma temp_store = memory; pragma busy_timeout = 5000;');
  return connect(database, onPrepare);
}
