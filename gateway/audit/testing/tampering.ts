import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { isPostgres } from '../../database/open.ts';
import { connectionOf } from '../../database/postgres.ts';
import { rowNumber } from '../chain.ts';
import { STORE } from '../schema.ts';

/** How statements that tamper with a log are said in its engine. */
export interface Tampering {
  /** The number of the row at this place of the first chain. */
  row(place: number): number;
  /** So many bytes of zero. */
  zeros(bytes: number): string;
}

export const tamperingOf = (url: string): Tampering =>
  isPostgres(url)
    ? { row: (place) => rowNumber(1, place), zeros: (bytes) => `decode(repeat('00', ${bytes}), 'hex')` }
    : { row: (place) => place, zeros: (bytes) => `zeroblob(${bytes})` };

/** Runs SQL behind the log's back; answers the rows of the last statement. */
export async function behind(url: string, sql: string): Promise<Record<string, unknown>[]> {
  if (!isPostgres(url)) {
    const db = new DatabaseSync(url);
    const statements = sql.split(';').filter((text) => text.trim() !== '');
    const rows = statements.map((text) =>
      db
        .prepare(text)
        .all()
        .map((row) => ({ ...row })),
    );
    db.close();
    return rows.at(-1) ?? [];
  }
  const client = new pg.Client(connectionOf({ url, store: STORE }));
  await client.connect();
  // With several statements the driver answers a list.
  const result: pg.QueryResult | pg.QueryResult[] = await client.query(sql);
  await client.end();
  return (Array.isArray(result) ? result.at(-1) : result)?.rows ?? [];
}
