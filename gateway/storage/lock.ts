import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Another process holds the data folder. */
export class LockedError extends Error {}

/**
 * Takes the data folder for this process; answers how to give it back. Throws a LockedError when another process holds it: two
 * writers of one ledger would each refuse what the other wrote. The lock is the operating system's, by way of SQLite: it
 * ends with the process, however that ends.
 */
export function lockDataDir(dataDir: string): () => void {
  const db = new DatabaseSync(join(dataDir, 'lock.db'));
  try {
    db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
  } catch {
    db.close();
    throw new LockedError(`Another process works on ${dataDir}: stop it first.`);
  }
  return () => db.close();
}
