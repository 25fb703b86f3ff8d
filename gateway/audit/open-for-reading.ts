import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { isPostgres } from '../database/open.ts';
import type { Reading } from '../database/port.ts';
import { connectionOf, reaching, reading as readingPostgres } from '../database/postgres.ts';
import { reading as readingSqlite } from '../database/sqlite.ts';
import { fold } from './condition.ts';
import { openPostgresTables } from './postgres-log.ts';
import { POSTGRES_WORDS, secretOf, SQLITE_WORDS, STORE, type AuditWords } from './schema.ts';

/** A log as it is read. */
export interface OpenLog {
  db: Reading;
  words: AuditWords;
  /** Key under which event ids are made; see event-id.ts. */
  secret: Uint8Array;
  close(): Promise<void>;
}

function openSqlite(file: string): Omit<OpenLog, 'secret'> & { sqlite: DatabaseSync } {
  const sqlite = new DatabaseSync(file, { readOnly: true, timeout: 5000 });
  sqlite.function('fold', { deterministic: true }, (value) => fold(String(value)));
  return { sqlite, db: readingSqlite(sqlite), words: SQLITE_WORDS, close: async () => sqlite.close() };
}

async function openPostgres(url: string): Promise<Omit<OpenLog, 'secret'>> {
  const db = await openPostgresTables(url, 4);
  return { db, words: POSTGRES_WORDS, close: async () => db.close() };
}

/** Opens a log for its readers, who never change a row: what is written meanwhile is read as well. */
export async function openForReading(url: string): Promise<OpenLog> {
  const opened = isPostgres(url) ? await openPostgres(url) : openSqlite(url);
  try {
    return { ...opened, secret: await secretOf(opened.db, opened.words) };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/** Opens a log that is there, as it is at this moment, though it be written to meanwhile. Rejects where there is none. */
export async function openMoment(url: string): Promise<Omit<OpenLog, 'secret'>> {
  if (!isPostgres(url)) {
    const { sqlite, ...opened } = openSqlite(url);
    sqlite.exec('BEGIN');
    return opened;
  }
  const client = new pg.Client(connectionOf({ url, store: STORE }));
  client.on('error', () => undefined);
  try {
    await reaching(async () => {
      await client.connect();
      await client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
    });
    const db = readingPostgres(client);
    const there = await db.get('SELECT to_regclass(?)::text AS event', [`${STORE}.event`]);
    if (typeof there?.['event'] !== 'string')
      throw new Error('There is no audit log in this database: no gateway has begun to use it.');
    return { db, words: POSTGRES_WORDS, close: () => client.end() };
  } catch (error) {
    await client.end();
    throw error;
  }
}
