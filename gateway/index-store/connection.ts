import type { FulltextWords } from './fulltext/port.ts';
import type { Sql } from './sql.ts';

/** What a statement takes and a column holds. */
export type SqlValue = string | number | Uint8Array | null;
export type Row = Record<string, SqlValue>;

/** Told of the rows for which a statement asked `visits` (DialectWords); what it throws, the statement throws. */
export interface VisitCounter {
  visit(account: number): void;
  /** An engine that counts by itself came to the end on this account. Throws what the last `visit` would have thrown. */
  exceeded(account: number): never;
}

/**
 * A connection of the index, whichever engine stands behind it. Texts are SQL with `?` placeholders (and no other question
 * marks) that PostgreSQL and SQLite read alike; an engine keeps its prepared statements by their text. Throws
 * StatementTooLarge for a statement that the engine can't take, DatabaseUnavailable while a server can't be reached.
 */
export interface Connection {
  readonly words: DialectWords;
  all(text: string, values?: readonly SqlValue[], visits?: VisitCounter): Row[] | Promise<Row[]>;
  close(): void | Promise<void>;
}

/** A reader's connection, for any number of requests at once. */
export interface ReadConnection extends Connection {
  /**
   * Runs `work` on one view of the index where a request would else get its statements answered by different connections,
   * with visits counted over all of them.
   */
  snapshot<T>(work: (connection: Connection) => Promise<T>): Promise<T>;
  /** Milliseconds after which it is worth looking whether the index has moved on. */
  readonly poll: number;
  /** Calls `moved` with the position whenever it has changed, as far as the engine tells; answers how to stop. */
  onPosition?(moved: (position: number) => void): () => Promise<void>;
}

/** What a transaction begins on. */
export interface Begun {
  /** Number of the last block applied, -1 for none. */
  position: number;
  /** Whether nobody else has written since this connection's last transaction. */
  ours: boolean;
}

/** The writer's connection. Between `begin` and `commit` or `rollback` all statements are one transaction. */
export interface WriteConnection extends Connection {
  /**
   * There where each `all` is a trip to a server, so that it pays to ask for many at once: the rows of a table whose
   * `columns` are as in one of the keys.
   */
  lookUp?(table: string, columns: readonly string[], keys: readonly (readonly SqlValue[])[]): Promise<Row[]>;
  /** Begins a transaction beside which no other can begin. */
  begin(): Begun | Promise<Begun>;
  /** What it throws may come from a statement before: a server is not waited for at each. */
  run(text: string, values?: readonly SqlValue[]): void | Promise<void>;
  commit(position: number): void | Promise<void>;
  rollback(): void | Promise<void>;
  /** After an erasure was committed: sees to it that what was deleted goes from the engine's files, as far as it can. */
  erased(): void | Promise<void>;
}

/** Visits of rows on an account: each weighs so much, and all of one search together no more than `most`. */
export interface VisitAccount {
  account: number;
  weight: number;
  most: number;
}

/** What engines say differently inside a query. */
export interface DialectWords {
  /** The greatest of its arguments, of which there are at least two; none is null. */
  greatest(values: readonly Sql[]): Sql;
  /** Whether text contains a part, by code points. */
  includes(text: Sql, part: string): Sql;
  /**
   * That a column within `exists` is the one outside that it belongs to. The engine then looks for each row outside by
   * itself, and never gathers beforehand all rows within.
   */
  same(within: Sql, outside: Sql): Sql;
  /** A subquery of `in` that asks of no row outside, and is run once only. */
  once(subquery: Sql): Sql;
  /** That a column has one of the values, which are one value of the statement, however many they are. */
  among(column: string, values: readonly number[] | readonly string[]): { text: string; value: SqlValue };
  readonly fulltext: FulltextWords;
  /** Always true; counts a visit of the row (VisitCounter). */
  visits(on: VisitAccount, row: Sql): Sql;
}

/** What engines say differently where tables are made. */
export interface SchemaWords {
  /** A primary key of 64 bits. */
  numberKey: string;
  /** A text that is compared and sorted by its UTF-8 bytes. */
  text: string;
  bytes: string;
  /** Ends of `create table`: a table that is its own primary key's tree, where there is such a thing. */
  clustered: string;
  /** What makes the full-text index. */
  fulltext: string;
}

export const asNumber = (value: SqlValue | undefined): number => Number(value);
export const asText = (value: SqlValue | undefined): string => String(value);
