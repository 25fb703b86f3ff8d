import pg from 'pg';
import { schema, type Row, type Tables } from './tables.ts';

/** The PostgreSQL schema, beside those of the gateway's other stores in the same database. */
const SCHEMA = 'gateway_wallet';

/** Answers to whole numbers as numbers: those here are times. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (id, format) =>
    id === pg.types.builtins.INT8
      ? Number
      : (pg.types.getTypeParser(id, format) as (value: string) => unknown),
};

function optionsOf(url: string): pg.PoolConfig {
  const target = new URL(url);
  const options = [target.searchParams.get('options') ?? '', `-c search_path=${SCHEMA}`];
  target.searchParams.set('options', options.join(' ').trim());
  return {
    connectionString: target.href,
    connectionTimeoutMillis: 10_000,
    query_timeout: 60_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    max: 4,
    types,
  };
}

/** `?`, as PostgreSQL numbers them. */
function numbered(text: string): string {
  let count = 0;
  return text.replaceAll('?', () => `$${(count += 1)}`);
}

/** Makes what is missing, one process at a time. */
async function createTables(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock(hashtext($1))', [`tables of ${SCHEMA}`]);
    const { rowCount } = await client.query('SELECT 1 FROM pg_namespace WHERE nspname = $1', [SCHEMA]);
    if (rowCount === 0) await client.query(`CREATE SCHEMA ${SCHEMA}`);
    await client.query(schema({ number: 'BIGINT', bytes: 'BYTEA', end: '' }));
    await client.query('COMMIT');
  } finally {
    // A transaction that failed ends with its connection.
    client.release(true);
  }
}

/** Opens the tables in the database that gateways share, and creates them. */
export async function openPostgresTables(url: string): Promise<Tables> {
  const pool = new pg.Pool(optionsOf(url));
  // An idle connection that the server cut is replaced by the next that is needed.
  pool.on('error', () => undefined);
  let ended: Promise<void> | undefined;
  const close = () => (ended ??= pool.end());
  try {
    await createTables(pool);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    all: async (text, values = []) => (await pool.query<Row>(numbered(text), [...values])).rows,
    run: async (text, values = []) => (await pool.query(numbered(text), [...values])).rowCount ?? 0,
    close,
  };
}
