import pg from 'pg';
import type { Connection, ReadConnection, Row, SqlValue, VisitCounter } from '../connection.ts';
import { asking } from './errors.ts';
import { listen } from './listener.ts';
import { connectionOf, type Settings } from './settings.ts';
import { Statements } from './statements.ts';
import { words } from './words.ts';

/** Connections at once, at most. */
const CONNECTIONS = 10;
/** Seconds: what statements a connection has prepared, its server keeps as long as it lasts. */
const LIFETIME = 1800;
/** Milliseconds: a look at the position goes to the server. */
const POLL = 1000;

/**
 * Reading is refused to write, and any one statement ends after half a minute. Queries are written to begin where there
 * is least to see and to go on from row to row by an index, as the planner is told to: its estimates of what a gate lets
 * through are guesses.
 */
export const READING: Settings = {
  default_transaction_read_only: 'on',
  statement_timeout: 30_000,
  idle_in_transaction_session_timeout: 60_000,
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  join_collapse_limit: 1,
  max_parallel_workers_per_gather: 0,
};

/**
 * A pool of connections for readers; a search gets one to itself, on one view of the index. `onStatement` is told what is
 * sent.
 */
export function openForReading(
  url: string,
  onStatement?: (statement: pg.QueryConfig<SqlValue[]>) => void,
): ReadConnection {
  const pool = new pg.Pool({
    ...connectionOf(url, READING),
    max: CONNECTIONS,
    maxLifetimeSeconds: LIFETIME,
    pipeline: true,
  });
  // A connection that the server cut is replaced by the next that is needed; who was using it is told.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  const statements = new Statements();

  const on =
    (client: pg.Pool | pg.PoolClient) =>
    async (text: string, values: readonly SqlValue[] = [], visits?: VisitCounter): Promise<Row[]> => {
      const statement = statements.of(text, values);
      onStatement?.(statement);
      return asking(async () => (await client.query<Row>(statement)).rows, visits);
    };

  const snapshot = async <T>(work: (connection: Connection) => Promise<T>): Promise<T> => {
    const client = await asking(() => pool.connect());
    // Sent together with the first statement, which fails as it does.
    const begun = client.query('begin isolation level repeatable read').catch(() => undefined);
    try {
      return await work({ words, all: on(client), close: () => undefined });
    } finally {
      await begun;
      // Nothing was written, and nobody waits for the end.
      client.query('rollback').then(
        () => client.release(),
        () => client.release(true),
      );
    }
  };

  return {
    words,
    poll: POLL,
    all: on(pool),
    snapshot,
    onPosition: (moved) => listen(url, moved),
    close: () => pool.end(),
  };
}
