import type pg from 'pg';
import { VERSION, checkVersion, creation } from '../schema.ts';
import { LEASE_LOCK } from './lease.ts';
import { SCHEMA, connect, connectionOf } from './settings.ts';
import { SCHEMA_WORDS, VISITED } from './words.ts';

/** The first to have `idle_session_timeout`, by which a lease ends. */
const OLDEST_VERSION = 140_000;

/** Whoever makes or drops tables holds it to the end of the transaction. */
const SCHEMA_LOCK = `select pg_advisory_xact_lock(hashtext('${SCHEMA} tables'))`;

async function inTransaction(client: pg.Client, work: () => Promise<void>): Promise<void> {
  await client.query('begin');
  try {
    await client.query(SCHEMA_LOCK);
    await work();
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

/**
 * Makes the tables when they are missing; of several processes that start at once one does, and the others wait for it.
 * Throws an Error when the server is too old, or there are tables of another version.
 */
export async function ensureTables(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ version: string }>(
    "select current_setting('server_version_num') as version",
  );
  if (Number(rows[0]?.version) < OLDEST_VERSION)
    throw new Error('The read-index takes PostgreSQL 14 or later.');
  await inTransaction(client, async () => {
    const there = await client.query<{ there: boolean }>(
      `select to_regclass('${SCHEMA}.meta') is not null as there`,
    );
    if (there.rows[0]?.there === true) {
      const found = await client.query<{ value: string }>(VERSION);
      return checkVersion(found.rows[0]?.value);
    }
    // Who may not create schemas may find one that somebody else made for the purpose.
    const schema = await client.query('select 1 from pg_namespace where nspname = $1', [SCHEMA]);
    if (schema.rowCount === 0) await client.query(`create schema ${SCHEMA}`);
    for (const statement of [...creation(SCHEMA_WORDS), VISITED]) await client.query(statement);
  });
}

/** Columns of the index's tables, in order, with their types. */
export type Columns = ReadonlyMap<string, readonly { name: string; type: string }[]>;

export async function columnsOf(client: pg.Client): Promise<Columns> {
  const { rows } = await client.query<{ table: string; name: string; type: string }>(
    `select c.relname as table, a.attname as name, format_type(a.atttypid, null) as type
     from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relnamespace = '${SCHEMA}'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
     order by c.relname, a.attnum`,
  );
  const columns = new Map<string, { name: string; type: string }[]>();
  for (const { table, ...column } of rows) columns.set(table, [...(columns.get(table) ?? []), column]);
  return columns;
}

/** Drops what is in the index's schema, and leaves the rest of the database. Rejects while a gateway is projecting. */
export async function dropTables(url: string): Promise<void> {
  const client = await connect(connectionOf(url));
  try {
    await inTransaction(client, async () => {
      const free = await client.query<{ free: boolean }>(
        `select pg_try_advisory_xact_lock(${LEASE_LOCK}) as free`,
      );
      if (free.rows[0]?.free !== true)
        throw new Error('A gateway is projecting into the read-index: stop every gateway of it first.');
      const { rows } = await client.query<{ name: string }>(
        `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = '${SCHEMA}'`,
      );
      if (rows.length > 0) await client.query(`drop table ${rows.map(({ name }) => name).join(', ')}`);
      await client.query(`drop function if exists ${SCHEMA}.visited`);
    });
  } finally {
    await client.end();
  }
}
