import type pg from 'pg';
import { DatabaseUnavailable } from '../../database/port.ts';
import {
  asNumber,
  asText,
  type Begun,
  type Row,
  type SqlValue,
  type WriteConnection,
} from '../connection.ts';
import { PUT_POSITION } from '../position.ts';
import { arrayOf } from './array.ts';
import { asking } from './errors.ts';
import { InsertBuffer } from './insert-buffer.ts';
import { CHANNEL } from './listener.ts';
import { Maintenance } from './maintenance.ts';
import { connect, connectionOf, type Settings } from './settings.ts';
import { Statements } from './statements.ts';
import { columnsOf, ensureTables, type Columns } from './tables.ts';
import { words } from './words.ts';

/**
 * Milliseconds. The checkpoint's row is locked while a block is written: a process that hangs then is cut off, and who
 * waits for it gives up after a while, to try again.
 */
const WRITING: Settings = {
  lock_timeout: 20_000,
  idle_in_transaction_session_timeout: 60_000,
  // Every look is for a few rows by their key.
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
};
const ANSWER_WITHIN = 120_000;

/** Statements that are under way before the next is waited for. */
const MOST_UNANSWERED = 64;
/** Rows after which the server should work out for the first time what is in the tables. */
const FEW_ROWS = 20_000;
const ANALYSE_EACH = 4;

/** The checkpoint; who wrote it last, and who is writing now, as transaction numbers. */
const HOLD_POSITION = `select value, xmin::text as writer, pg_current_xact_id()::xid::text as own from meta
  where key = 'position' for update`;
const TELL = `select pg_notify('${CHANNEL}', ?)`;

/**
 * Statements are sent one behind the other, and only those that answer rows are waited for; rows that are inserted go
 * together. What fails on the way, the next that is waited for throws, at the latest the commit.
 */
class PostgresWriter implements WriteConnection {
  readonly words = words;
  readonly #config: pg.ClientConfig;
  readonly #columns: Columns;
  readonly #statements = new Statements();
  readonly #inserts: InsertBuffer;
  readonly #maintenance: Maintenance;
  readonly #unanswered = new Set<Promise<void>>();
  #client: pg.Client | undefined;
  /** Whether a transaction is under way, which is bound to the connection that began it. */
  #begun = false;
  #failure: { error: unknown } | undefined;
  /** Transaction numbers of this connection: the one under way, and the last that was committed. */
  #own = '';
  #last = '';
  #rows = 0;
  #analyseAt = FEW_ROWS;

  constructor(config: pg.ClientConfig, client: pg.Client, columns: Columns, maintenance: Maintenance) {
    this.#config = config;
    this.#columns = columns;
    this.#inserts = new InsertBuffer(columns);
    this.#maintenance = maintenance;
    this.#use(client);
  }

  #use(client: pg.Client): pg.Client {
    this.#client = client;
    client.once('end', () => {
      if (this.#client === client) this.#client = undefined;
    });
    return client;
  }

  async #connected(): Promise<pg.Client> {
    if (this.#client) return this.#client;
    if (this.#begun) throw new DatabaseUnavailable(new Error('The connection broke in a transaction.'));
    return this.#use(await asking(() => connect(this.#config)));
  }

  async #ask(client: pg.Client, text: string, values: readonly SqlValue[]): Promise<Row[]> {
    const statement = this.#statements.of(text, values);
    return asking(async () => (await client.query<Row>(statement)).rows);
  }

  /** Sends a statement of the transaction under way. */
  #post(text: string, values: readonly SqlValue[]): void {
    const client = this.#client;
    const sent = client
      ? this.#ask(client, text, values)
      : Promise.reject(new DatabaseUnavailable(new Error('The connection broke in a transaction.')));
    const answered: Promise<void> = sent.then(
      () => undefined,
      (error: unknown) => {
        this.#failure ??= { error };
      },
    );
    this.#unanswered.add(answered);
    void answered.then(() => this.#unanswered.delete(answered));
  }

  #send(table: string): void {
    const rows = this.#inserts.take(table);
    if (rows) this.#post(rows.text, rows.values);
  }

  /** What is asked or changed now must find the rows that were inserted before. */
  #sendWhat(text: string): void {
    for (const table of [...this.#inserts.tables])
      if (new RegExp(`\\b${table}\\b`).test(text)) this.#send(table);
  }

  async #settled(): Promise<void> {
    await Promise.all(this.#unanswered);
    if (this.#failure) throw this.#failure.error;
  }

  async all(text: string, values: readonly SqlValue[] = []): Promise<Row[]> {
    const client = await this.#connected();
    this.#sendWhat(text);
    try {
      return await this.#ask(client, text, values);
    } catch (error) {
      // Behind a statement that failed, all others of its transaction fail.
      throw this.#failure ? this.#failure.error : error;
    }
  }

  async lookUp(
    table: string,
    columns: readonly string[],
    keys: readonly (readonly SqlValue[])[],
  ): Promise<Row[]> {
    if (keys.length === 0) return [];
    const types = columns.map((name) => this.#columns.get(table)?.find((one) => one.name === name)?.type);
    const arrays = types.map((type) => `?::${type ?? 'text'}[]`).join(', ');
    const same = columns.map((name) => `t.${name} = k.${name}`).join(' and ');
    return this.all(
      `select t.* from unnest(${arrays}) as k (${columns.join(', ')}) join ${table} t on ${same}`,
      columns.map((_, at) => arrayOf(keys, at)),
    );
  }

  run(text: string, values: readonly SqlValue[] = []): void | Promise<void> {
    if (this.#inserts.add(text, values, (table) => this.#send(table))) this.#rows += 1;
    else {
      this.#sendWhat(text);
      this.#post(text, values);
    }
    if (this.#unanswered.size > MOST_UNANSWERED) return this.#settled();
  }

  async begin(): Promise<Begun> {
    await this.#connected();
    this.#begun = true;
    this.#post('begin', []);
    try {
      const [row] = await this.all(HOLD_POSITION);
      this.#own = asText(row?.['own']);
      return { position: asNumber(row?.['value']), ours: row?.['writer'] === this.#last };
    } catch (error) {
      await this.rollback();
      throw error;
    }
  }

  async commit(position: number): Promise<void> {
    for (const table of [...this.#inserts.tables]) this.#send(table);
    this.#post(PUT_POSITION, [String(position)]);
    this.#post(TELL, [String(position)]);
    // Of a transaction of which something failed, this is the end as well.
    this.#post('commit', []);
    await this.#settled();
    this.#begun = false;
    this.#last = this.#own;
    if (this.#rows < this.#analyseAt) return;
    this.#analyseAt *= ANALYSE_EACH;
    this.#maintenance.grown();
  }

  async rollback(): Promise<void> {
    this.#inserts.clear();
    await Promise.all(this.#unanswered);
    this.#failure = undefined;
    this.#begun = false;
    const client = this.#client;
    try {
      await client?.query('rollback');
    } catch {
      // The server ends the transaction with the connection.
      await client?.end().catch(() => undefined);
      this.#client = undefined;
    }
  }

  erased(): void {
    this.#maintenance.erased(this.#last);
  }

  async close(): Promise<void> {
    await this.#maintenance.close();
    await this.#client?.end();
  }
}

/** Opens the writer's one connection, and makes the tables when they are missing. It connects again when it must. */
export async function openForWriting(url: string): Promise<WriteConnection> {
  const config = { ...connectionOf(url, WRITING), query_timeout: ANSWER_WITHIN, pipeline: true };
  return asking(async () => {
    const client = await connect(config);
    try {
      await ensureTables(client);
      const columns = await columnsOf(client);
      return new PostgresWriter(config, client, columns, new Maintenance(url, columns.keys()));
    } catch (error) {
      await client.end();
      throw error;
    }
  });
}
