import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { TABLES, VERSION } from './schema.ts';

export type Value = string | number | null | Uint8Array;
export type Row = Record<string, Value | bigint>;

/** A file of definitions that the terminology service cannot use. The text says what to do. */
export class TerminologyFileError extends Error {}

const KEPT_STATEMENTS = 200;

/** A file of definitions, with its prepared statements. */
export class DefinitionFile {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  private constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Opens a file that is there, for reading. Throws a TerminologyFileError when its tables are of another version. */
  static open(file: string): DefinitionFile {
    const database = new DatabaseSync(file, { readOnly: true });
    // A page cache of 2 MB: definitions are looked at now and then, and are not to take memory from the rest.
    database.exec('pragma busy_timeout = 5000; pragma cache_size = -2000');
    return new DefinitionFile(checked(database, file));
  }

  /** Opens a file for writing, and makes it if it is not there. */
  static openForWriting(file: string): DefinitionFile {
    const database = new DatabaseSync(file);
    // Much is loaded at once: with too small a cache its pages are written many times.
    database.exec('pragma busy_timeout = 5000; pragma journal_mode = wal; pragma cache_size = -65536');
    if (versionOf(database) === 0) database.exec(TABLES);
    return new DefinitionFile(checked(database, file));
  }

  /** Makes a new file that is only read afterwards. */
  static create(file: string): DefinitionFile {
    const database = new DatabaseSync(file);
    database.exec(`pragma journal_mode = off; pragma synchronous = off; ${TABLES}`);
    return new DefinitionFile(database);
  }

  #prepared(text: string): StatementSync {
    const known = this.#statements.get(text);
    if (known !== undefined) return known;
    if (this.#statements.size >= KEPT_STATEMENTS) this.#statements.clear();
    const statement = this.#database.prepare(text);
    this.#statements.set(text, statement);
    return statement;
  }

  all(text: string, ...values: Value[]): Row[] {
    return this.#prepared(text).all(...values);
  }
  get(text: string, ...values: Value[]): Row | undefined {
    return this.#prepared(text).get(...values);
  }
  /** Rows one by one; a statement of its own, since others may be asked meanwhile. */
  iterate(text: string, ...values: Value[]): Iterable<Row> {
    return this.#database.prepare(text).iterate(...values);
  }
  /** Answers the number of the row that was put in. */
  run(text: string, ...values: Value[]): number {
    return Number(this.#prepared(text).run(...values).lastInsertRowid);
  }
  exec(text: string): void {
    this.#database.exec(text);
  }
  close(): void {
    this.#database.close();
  }
}

const versionOf = (database: DatabaseSync): number =>
  Number(database.prepare('pragma user_version').get()?.['user_version']);

function checked(database: DatabaseSync, file: string): DatabaseSync {
  const version = versionOf(database);
  if (version === VERSION) return database;
  database.close();
  throw new TerminologyFileError(
    `${file} was made by another version of the gateway: remove it, and build or load its definitions again.`,
  );
}

export const text = (value: Row[string] | undefined): string => (typeof value === 'string' ? value : '');
export const optionalText = (value: Row[string] | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;
export const bytes = (value: Row[string] | undefined): Uint8Array =>
  value instanceof Uint8Array ? value : new Uint8Array();
