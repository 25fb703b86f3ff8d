import type { Database, Schema } from './port.ts';
import { openPostgres, type PostgresOptions } from './postgres.ts';
import { openSqlite } from './sqlite.ts';

/** Whether this names a PostgreSQL database, and not a SQLite file. */
export const isPostgres = (url: string): boolean => /^postgres(ql)?:/.test(url);

/**
 * Opens a store: `url` is a SQLite file of its own (or `:memory:`), or a `postgres://` URL of the database that it shares
 * with other stores and replicas. Tables that are missing are made.
 */
export async function openDatabase(options: PostgresOptions, schema: Schema): Promise<Database> {
  return isPostgres(options.url) ? openPostgres(options, schema) : openSqlite(options.url, schema);
}
