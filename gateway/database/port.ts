import { FhirError } from '../fhir/errors.ts';

/** What a statement takes and a column holds. */
export type SqlValue = string | number | Uint8Array | null;
export type Row = Readonly<Record<string, SqlValue>>;

/** A statement of a transaction. */
export interface Statement {
  text: string;
  values: readonly SqlValue[];
  /** The transaction is nothing without it: when it changes no row, none of the others does either. */
  needed?: boolean;
}

/** What can be asked of a database. Texts have `?` for their values and are read alike by both engines. */
export interface Reading {
  all(text: string, values?: readonly SqlValue[]): Row[] | Promise<Row[]>;
  /** The first row; undefined when there is none. */
  get(text: string, values?: readonly SqlValue[]): Row | undefined | Promise<Row | undefined>;
}

/**
 * A store's own database: a SQLite file of this process's, or a schema of a PostgreSQL database that replicas share. A
 * transaction is a list of statements and not a function, so that nothing else can come in between and it can be tried
 * again. SQLite answers at once, PostgreSQL with a promise, which rejects with DatabaseUnavailable when it can't be asked.
 */
export interface Database extends Reading {
  /** Answers how many rows it changed. What it changed may be lost to a power cut a moment later. */
  run(text: string, values?: readonly SqlValue[]): number | Promise<number>;
  /** All of the statements or none. False, and nothing changed, when a `needed` one changed no row. As durable as `run`. */
  together(statements: readonly Statement[]): boolean | Promise<boolean>;
  /** The same, and on disk before it answers: for what must never be forgotten. */
  durably(statements: readonly Statement[]): boolean | Promise<boolean>;
  /** There where nobody else writes: a number that is another after each write, so that what was asked holds until then. */
  writes?(): number;
  close(): void | Promise<void>;
}

/** What engines say differently where tables are made. */
export interface SchemaWords {
  /** A whole number of 64 bits. */
  number: string;
  /** A number that need not be whole. */
  real: string;
  bytes: string;
  /** A primary key that gives itself the next number. */
  counted: string;
  /** Ends of `CREATE TABLE`. */
  end: string;
  /** Ends of `CREATE TABLE` whose rows lie in its primary key's tree. */
  clustered: string;
}

/** Tables and indexes, with `IF NOT EXISTS`. */
export type Schema = (words: SchemaWords) => string;

/** The database can't be reached, or is not taking requests now. */
export class DatabaseUnavailable extends FhirError {
  constructor(cause: unknown) {
    const issue = { code: 'transient', diagnostics: 'The database cannot be reached; try again.' } as const;
    super(503, issue, { 'Retry-After': '2' });
    this.name = 'DatabaseUnavailable';
    this.cause = cause;
  }
}
