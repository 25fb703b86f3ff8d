import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isPostgres } from '../database/open.ts';

/** Another process holds the data folder. */
export class LockedError extends Error {}

/**
 * Takes the data folder for this process, and the SQLite index, wherever it lies (`indexUrl`); answers how to give them
 * back. Throws a LockedError when another process holds one of them: two writers of one ledger would each refuse what the
 * other wrote, and two of one index would number things twice. The lock is the operating system's, by way of SQLite: it
 * ends with the process, however that ends.
 */
export function lockDataDir(dataDir: string, indexUrl?: string): () => void {
  const unlock = take(join(dataDir, 'lock.db'), dataDir);
  if (indexUrl === undefined || isPostgres(indexUrl)) return unlock;
  try {
    const unlockIndex = take(`${indexUrl}-lock.db`, indexUrl);
    return () => {
      unlockIndex();
      unlock();
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

function take(file: string, what: string): () => void {
  const db = new DatabaseSync(file);
  try {
    db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
  } catch {
    db.close();
    throw new LockedError(`Another process works on ${what}: stop it first.`);
  }
  return () => db.close();
}
