import type { Kysely, RawBuilder } from 'kysely';

/** What a statement takes and a column holds. */
export type SqlValue = string | number | Uint8Array | null;
export type Row = Record<string, SqlValue>;

/** Told of each row for which a statement asked `visits` (DialectWords); what it throws, the statement throws. */
export type OnVisit = (account: number) => void;

/**
 * A connection of the index, whichever engine stands behind it. Texts are SQL with `?` placeholders that PostgreSQL and
 * SQLite read alike; an engine keeps its prepared statements by their text. Throws StatementTooLarge for a statement that
 * the engine can't take.
 */
export interface Connection {
  all(text: string, values?: readonly SqlValue[], onVisit?: OnVisit): Row[] | Promise<Row[]>;
  run(text: string, values?: readonly SqlValue[]): void | Promise<void>;
  /** For queries that are put together at run time: compiled by kysely, run through the same statements. */
  kysely: Kysely<unknown>;
  /** After an erasure: makes sure that what was deleted is in no log of the engine's either. */
  foldLog(): void | Promise<void>;
  close(): void | Promise<void>;
}

/** What engines say differently inside a query. */
export interface DialectWords {
  /** The greatest of its arguments, of which there are at least two; none is null. */
  greatest(values: readonly RawBuilder<unknown>[]): RawBuilder<number>;
  /** Whether text contains a part, by code points. */
  includes(text: RawBuilder<unknown>, part: string): RawBuilder<boolean>;
  /** Always true; reports a visit of the row on an account (`onVisit` of `all`). */
  visits(account: number, row: RawBuilder<unknown>): RawBuilder<boolean>;
}

export const asNumber = (value: SqlValue | undefined): number => Number(value);
export const asText = (value: SqlValue | undefined): string => String(value);
