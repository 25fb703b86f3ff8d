import { randomBytes } from 'node:crypto';
import { setTimeout as after } from 'node:timers/promises';
import { DatabaseUnavailable, type Database } from '../database/port.ts';
import { openPostgres } from '../database/postgres.ts';
import { confirmAnchor, nextAnchor } from './anchors.ts';
import type { AuditLog, AuditLogOptions } from './log.ts';
import { assertRecord, newRows, type NewRow } from './new-rows.ts';
import { PostgresChain } from './postgres-chain.ts';
import type { AuditRecord } from './record.ts';
import { POSTGRES_WORDS, postgresTables, STORE } from './schema.ts';

interface Waiting {
  records: readonly AuditRecord[];
  resolve: () => void;
  reject: (reason: unknown) => void;
}

/** Milliseconds before each new try, once the connection is lost; then whoever waits is told. */
const PAUSES = [0, 100, 300, 1000, 3000];

/** Opens the tables, with a secret, for everything but appending; makes them when they are not there. */
export async function openPostgresTables(url: string, connections: number): Promise<Database> {
  const db = await openPostgres({ url, store: STORE, connections, texts: 'changing' }, postgresTables);
  try {
    await db.durably([
      { text: 'INSERT INTO secret VALUES (1, ?) ON CONFLICT DO NOTHING', values: [randomBytes(16)] },
    ]);
  } catch (error) {
    await db.close();
    throw error;
  }
  return db;
}

/** The log in a PostgreSQL database that replicas share: this one writes a chain of its own. See `openAuditLog`. */
export async function openPostgresLog(options: Required<AuditLogOptions>): Promise<AuditLog> {
  const db = await openPostgresTables(options.url, 2);
  try {
    return new PostgresLog(options, db, await PostgresChain.take(options.url));
  } catch (error) {
    await db.close();
    throw error;
  }
}

class PostgresLog implements AuditLog {
  readonly #options: Required<AuditLogOptions>;
  readonly #db: Database;
  #chain: PostgresChain;
  #rows: number;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;

  constructor(options: Required<AuditLogOptions>, db: Database, chain: PostgresChain) {
    this.#options = options;
    this.#db = db;
    this.#chain = chain;
    this.#rows = chain.head.rows;
  }

  append(records: readonly AuditRecord[]): Promise<void> {
    return new Promise((resolve, reject) => {
      for (const record of records) assertRecord(record);
      this.#waiting.push({ records, resolve, reject });
      this.#writing ??= this.#writeWaiting();
    });
  }

  nextAnchor(atLeast = 1) {
    return nextAnchor(this.#db, POSTGRES_WORDS, atLeast, this.#options.clock());
  }

  confirmAnchor(number: number, txId: string): Promise<void> {
    return confirmAnchor(this.#db, number, txId);
  }

  rows(): number {
    return this.#rows;
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#chain.release();
    await this.#db.close();
  }

  /** Group after group, until nobody waits; what comes in while one is being written is the next. */
  async #writeWaiting(): Promise<void> {
    // What is appended in this turn of the event loop is one group.
    await new Promise(setImmediate);
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      await this.#writeGroup(group);
    }
    this.#writing = undefined;
  }

  async #writeGroup(group: readonly Waiting[]): Promise<void> {
    try {
      await this.#write(group.flatMap(({ records }) => records));
    } catch (error) {
      const [only, ...others] = group;
      // One caller's fault is not the others'; a database that can't be reached is nobody's.
      if (others.length === 0 || error instanceof DatabaseUnavailable)
        for (const { reject } of group) reject(error);
      else if (only) for (const one of group) await this.#writeGroup([one]);
      return;
    }
    for (const { resolve } of group) resolve();
  }

  async #write(records: readonly AuditRecord[]): Promise<void> {
    let tried: NewRow | undefined;
    for (let tries = 0; ; tries += 1) {
      try {
        const chain = await this.#reachable();
        // A connection may be lost after the rows were written, and before that was said.
        const written = tried !== undefined && (await chain.has(tried));
        const rows = newRows(records, chain.head, this.#options.ids);
        tried = rows.at(-1);
        if (tried === undefined) return;
        if (!written) await chain.append(rows);
        this.#rows += rows.length;
        return;
      } catch (error) {
        const pause = PAUSES[tries];
        if (!(error instanceof DatabaseUnavailable)) throw error;
        await this.#chain.release();
        if (pause === undefined) throw error;
        await after(pause);
      }
    }
  }

  /** The chain, or another one when the connection to it was lost. */
  async #reachable(): Promise<PostgresChain> {
    if (this.#chain.broken) this.#chain = await PostgresChain.take(this.#options.url);
    return this.#chain;
  }
}
