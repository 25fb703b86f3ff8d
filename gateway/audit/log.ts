import { randomFillSync } from 'node:crypto';
import { isPostgres } from '../database/open.ts';
import type { AuditAnchor } from './anchors.ts';
import { openPostgresLog } from './postgres-log.ts';
import type { AuditRecord } from './record.ts';
import { openSqliteLog } from './sqlite-log.ts';

/** The writer of an audit log, or, where replicas share one, of a chain of it. */
export interface AuditLog {
  /**
   * Resolves once the records are on disk. What comes in while a group is being synced is the next group; there is no
   * timer. Rejects with a TypeError, and writes nothing, when one of the records is not of the log.
   */
  append(records: readonly AuditRecord[]): Promise<void>;
  /**
   * See anchors.ts; `atLeast` rows of a chain without an anchor, 1 by default. Waits for nothing: groups not yet written
   * are not in it. All chains come by, also those of replicas that are no more.
   */
  nextAnchor(atLeast?: number): Promise<AuditAnchor | undefined>;
  confirmAnchor(number: number, txId: string): Promise<void>;
  /** Rows in the chain; it never goes down while the log is open. */
  rows(): number;
  /** Writes what waits, and closes. */
  close(): Promise<void>;
}

export interface AuditLogOptions {
  /** A SQLite file, or the `postgres://` URL of the database that replicas share; made when it is not there. */
  url: string;
  /** Milliseconds since 1970. */
  clock: () => number;
  /** Fills with random bytes. */
  ids?: (bytes: Uint8Array) => void;
}

/**
 * Opens the log for appending. Rejects when the last row of its chain is not the one its head names: a log that was
 * tampered with is not gone on with.
 */
export function openAuditLog(options: AuditLogOptions): Promise<AuditLog> {
  const complete = { ids: randomFillSync, ...options };
  return isPostgres(options.url) ? openPostgresLog(complete) : openSqliteLog(complete);
}
