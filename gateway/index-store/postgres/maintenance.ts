import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { SCHEMA, connect, connectionOf } from './settings.ts';

/** Milliseconds. */
const LOOK_AGAIN = 1000;
/** Looks; no reader's transaction lasts so long. */
const MOST_LOOKS = 120;
const FINISH_WITHIN = 10_000;

/** The index of the words of all texts; a rebuilding that was cut off leaves one of this name with an ending. */
const WORDS = 'fulltext_document';

/** Sessions (of those that may be seen) to which the rows that a transaction deleted are not gone yet. */
const OLDER =
  'select 1 from pg_stat_activity where pid <> pg_backend_pid() and age(backend_xmin) >= age($1::text::xid) limit 1';

/**
 * What the writer has the server do beside its work, on a connection of its own, nobody waiting.
 *
 * After an erasure: deleted rows stay in tables and indexes until a vacuum. After it nothing in the database leads to them;
 * their bytes may stand in the free space of a page until it is used again, and stay in the write-ahead log until that is
 * recycled, in backups and in standbys for as long as these are kept. `vacuum full` rewrites the tables, when an operator
 * wants the bytes gone from them too.
 *
 * While an index is built: the server works out what is in the tables only after a while, and plans by it.
 */
export class Maintenance {
  readonly #url: string;
  readonly #tables: string;
  readonly #closed = new AbortController();
  /** The last transaction that erased something. */
  #erased: string | undefined;
  #grown = false;
  #running: Promise<void> | undefined;

  constructor(url: string, tables: Iterable<string>) {
    this.#url = url;
    this.#tables = [...tables].map((table) => `${SCHEMA}.${table}`).join(', ');
  }

  /** The transaction of this number erased something. */
  erased(transaction: string): void {
    this.#erased = transaction;
    this.#start();
  }

  /** The tables have become much larger. */
  grown(): void {
    this.#grown = true;
    this.#start();
  }

  /** Gives what is under way a moment; what the server has begun, it finishes. */
  async close(): Promise<void> {
    this.#closed.abort();
    await Promise.race([this.#running, delay(FINISH_WITHIN, undefined, { ref: false })]);
  }

  #start(): void {
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  /** What fails is done again with the next, and by the server itself in time. */
  async #run(): Promise<void> {
    const client = await connect(connectionOf(this.#url)).catch(() => undefined);
    while (client && (this.#grown || this.#erased !== undefined)) {
      const transaction = this.#erased;
      if (this.#grown) await client.query(`analyze ${this.#tables}`).catch(() => undefined);
      this.#grown = false;
      if (transaction !== undefined) await this.#vacuum(client, transaction).catch(() => undefined);
      if (this.#erased === transaction) this.#erased = undefined;
    }
    await client?.end().catch(() => undefined);
  }

  /** Once nobody reads what the transaction deleted. Entries of indexes are taken out even when they are few. */
  async #vacuum(client: pg.Client, transaction: string): Promise<void> {
    const signal = this.#closed.signal;
    for (let looks = 0; looks < MOST_LOOKS && !signal.aborted; looks += 1) {
      if ((await client.query(OLDER, [transaction])).rowCount === 0) break;
      await delay(LOOK_AGAIN, undefined, { signal }).catch(() => undefined);
    }
    await client.query(`vacuum (index_cleanup on, truncate off) ${this.#tables}`);
    // A word stays in a GIN index when no row has it any more, whatever is vacuumed.
    await client.query(`drop index concurrently if exists ${SCHEMA}.${WORDS}_ccnew`);
    await client.query(`reindex index concurrently ${SCHEMA}.${WORDS}`);
  }
}
