import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { SQLITE_FULLTEXT, sqliteFulltext } from './fulltext/sqlite.ts';
import { sql } from './sql.ts';
import {
  asNumber,
  type Connection,
  type DialectWords,
  type ReadConnection,
  type Row,
  type SchemaWords,
  type SqlValue,
  type VisitCounter,
  type WriteConnection,
} from './connection.ts';
import type { Engine } from './engine.ts';
import { soleLease } from './sole-lease.ts';
import { POSITION, PUT_POSITION } from './position.ts';
import { checkVersion, creation, schemaVersion } from './schema.ts';
import { StatementTooLarge } from './too-large.ts';

/** Everything that only SQLite says; postgres/ is the other engine. */
const words: DialectWords = {
  greatest: (values) => sql`max(${sql.join([...values])})`,
  includes: (text, part) => sql`instr(${text}, ${part}) > 0`,
  same: (within, outside) => sql`${within} = ${outside}`,
  once: (subquery) => subquery,
  among: (column, values) => ({
    text: `${column} in (select value from json_each(?))`,
    value: JSON.stringify(values),
  }),
  fulltext: sqliteFulltext,
  // It takes the row so that SQLite asks it for each.
  visits: ({ account }, row) => sql`visited(${sql.raw(String(account))}, ${row})`,
};

const SCHEMA: SchemaWords = {
  numberKey: 'integer primary key',
  text: 'text',
  bytes: 'blob',
  clustered: 'without rowid',
  fulltext: SQLITE_FULLTEXT,
};

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

interface Opened extends Connection {
  all(text: string, values?: readonly SqlValue[], visits?: VisitCounter): Row[];
  run(text: string, values?: readonly SqlValue[]): void;
}

function connect(database: DatabaseSync, onPrepare?: (text: string) => void): Opened {
  const statements = new Statements(database, onPrepare);
  let visiting: VisitCounter | undefined;
  database.function('visited', (account, _row) => {
    visiting?.visit(Number(account));
    return 1;
  });
  return {
    words,
    all(text, values = [], visits) {
      const statement = statements.get(text);
      visiting = visits;
      try {
        return statement.all(...values) as Row[];
      } finally {
        visiting = undefined;
      }
    },
    run(text, values = []) {
      statements.get(text).run(...values);
    },
    close: () => {
      database.close();
    },
  };
}

/** Milliseconds; a look takes some microseconds. */
const POLL = 5;

/**
 * The writer's connection: write-ahead log, so that readers never wait; not synced at each commit, since what is lost is
 * replayed from the ledger; deleted content is overwritten, since erasure must reach the file. Most of a write's cost is
 * the pages it touches, so the log is folded in seldom (64 MB).
 */
export async function openForWriting(file: string): Promise<WriteConnection> {
  const database = new DatabaseSync(file);
  database.exec(`pragma journal_mode = wal; pragma synchronous = normal; pragma secure_delete = on;
    pragma cache_size = -16384; pragma temp_store = memory; pragma wal_autocheckpoint = 16000;
    pragma busy_timeout = 5000;`);
  const connection = connect(database);
  const version = await schemaVersion(connection);
  if (version === undefined) for (const statement of creation(SCHEMA)) connection.run(statement);
  else checkVersion(version);
  return {
    ...connection,
    begin() {
      connection.run('begin immediate');
      const [row] = connection.all(POSITION);
      return { position: asNumber(row?.['value'] ?? -1), ours: true };
    },
    commit(position) {
      connection.run(PUT_POSITION, [String(position)]);
      connection.run('commit');
    },
    rollback: () => connection.run('rollback'),
    // Readers may hold it up for a moment; the next erasure, or closing, folds what they left.
    erased: () => database.exec('pragma wal_checkpoint(truncate)'),
  };
}

/**
 * A connection that can't write. Throws when the writer has not made the file yet. `onPrepare` is told each statement
 * when it is first prepared.
 */
export function openForReading(file: string, onPrepare?: (text: string) => void): ReadConnection {
  if (!existsSync(file)) throw new Error(`The read-index ${file} is not there: open its writer first.`);
  const database = new DatabaseSync(file, { readOnly: true });
  database.exec('pragma cache_size = -8192; pragma temp_store = memory; pragma busy_timeout = 5000;');
  const connection = connect(database, onPrepare);
  return { ...connection, poll: POLL, snapshot: (work) => work(connection) };
}

export const sqlite: Engine = {
  openForReading: (file) => Promise.resolve(openForReading(file)),
  openForWriting,
  openLease: soleLease,
  async drop(file) {
    for (const suffix of ['', '-wal', '-shm']) await rm(`${file}${suffix}`, { force: true });
  },
};
