import { isPostgres } from '../database/open.ts';
import type { ReadConnection, WriteConnection } from './connection.ts';
import type { ProjectionLease } from './port.ts';
import { postgres } from './postgres/engine.ts';
import { sqlite } from './sqlite.ts';

/** What keeps an index. A `url` names a SQLite file or a PostgreSQL database. */
export interface Engine {
  /** Throws when no writer has made the index yet. */
  openForReading(url: string): Promise<ReadConnection>;
  /** Makes the tables when they are missing. Throws when there are tables of another version. */
  openForWriting(url: string): Promise<WriteConnection>;
  openLease(url: string): ProjectionLease;
  /** Throws the index away. */
  drop(url: string): Promise<void>;
}

/** The engine of a URL, and what the engine calls the place. */
export function engineOf(url: string): { engine: Engine; at: string } {
  return isPostgres(url)
    ? { engine: postgres, at: url }
    : { engine: sqlite, at: url.replace(/^sqlite:(\/\/)?/, '') };
}
