import type { SqlValue } from '../connection.ts';
import { arrayOf } from './array.ts';
import type { Columns } from './tables.ts';

const INSERT =
  /^\s*insert into (\w+)(?: \(([\w, ]+)\))? values [(?, )]+(?:\s+on conflict(?: \(([\w, ]+)\))? do (?:nothing|update[^?]+))?$/;

interface Insert {
  table: string;
  columns: readonly { name: string; type: string }[];
  /** Places of the columns by which a row replaces another; empty where none does. */
  key: readonly number[];
  /** `on conflict ...` */
  otherwise: string;
}

interface Pending {
  insert: Insert;
  rows: (readonly SqlValue[])[];
  /** Keys of the rows, where one may replace another. */
  keys: Set<string>;
  bytes: number;
}

/** Rows of a table are sent when they are so many, or take so many bytes. */
const MOST_ROWS = 2000;
const MOST_BYTES = 4_000_000;

const names = (list: string | undefined): string[] => list?.split(',').map((name) => name.trim()) ?? [];

/**
 * Keeps rows that statements insert one at a time until they are wanted in the table, and turns them into one statement a
 * table, whose text is always the same.
 */
export class InsertBuffer {
  readonly #columns: Columns;
  readonly #inserts = new Map<string, Insert | undefined>();
  readonly #pending = new Map<string, Pending>();

  constructor(columns: Columns) {
    this.#columns = columns;
  }

  /** Tables for which rows are kept. */
  get tables(): Iterable<string> {
    return this.#pending.keys();
  }

  /** Keeps the rows of a statement that does nothing but insert them; answers false for any other. `send` is called first when those before them must go first. */
  add(text: string, values: readonly SqlValue[], send: (table: string) => void): boolean {
    const insert = this.#insertOf(text);
    if (insert === undefined) return false;
    const { table, columns, otherwise } = insert;
    for (let at = 0; at < values.length; at += columns.length) {
      const row = values.slice(at, at + columns.length);
      const key = insert.key.map((place) => String(row[place])).join('\n');
      const before = this.#pending.get(table);
      if (before && (before.insert.otherwise !== otherwise || before.keys.has(key) || full(before)))
        send(table);
      let pending = this.#pending.get(table);
      if (pending === undefined) {
        pending = { insert, rows: [], keys: new Set(), bytes: 0 };
        this.#pending.set(table, pending);
      }
      if (insert.key.length > 0) pending.keys.add(key);
      pending.rows.push(row);
      for (const value of row)
        pending.bytes += typeof value === 'number' || value === null ? 0 : value.length;
    }
    return true;
  }

  /** Takes the rows of a table out, as a statement. */
  take(table: string): { text: string; values: string[] } | undefined {
    const pending = this.#pending.get(table);
    if (pending === undefined) return undefined;
    this.#pending.delete(table);
    const { insert, rows } = pending;
    const arrays = insert.columns.map(({ type }) => `?::${type}[]`);
    return {
      text: `insert into ${table} (${insert.columns.map(({ name }) => name).join(', ')})
        select * from unnest(${arrays.join(', ')}) ${insert.otherwise}`,
      values: insert.columns.map((_, at) => arrayOf(rows, at)),
    };
  }

  clear(): void {
    this.#pending.clear();
  }

  #insertOf(text: string): Insert | undefined {
    if (this.#inserts.has(text)) return this.#inserts.get(text);
    const insert = this.#parse(text);
    this.#inserts.set(text, insert);
    return insert;
  }

  #parse(text: string): Insert | undefined {
    const [whole, table = '', listed, key] = INSERT.exec(text) ?? [];
    const all = this.#columns.get(table);
    if (whole === undefined || all === undefined) return undefined;
    const columns =
      listed === undefined ? all : names(listed).flatMap((name) => all.filter((one) => one.name === name));
    const conflict = whole.indexOf('on conflict');
    const replaces = whole.includes('do update');
    return {
      table,
      columns,
      key: names(replaces ? key : undefined).map((name) => columns.findIndex((one) => one.name === name)),
      otherwise: conflict < 0 ? '' : whole.slice(conflict),
    };
  }
}

const full = ({ rows, bytes }: Pending): boolean => rows.length >= MOST_ROWS || bytes >= MOST_BYTES;
