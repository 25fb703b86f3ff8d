import { DatabaseSync } from 'node:sqlite';

/**
 * Blocks are the truth; the rest is found from them. A private value is stored once: `private_data` is in the order
 * of the blocks' private writes, one row each (a purge has none, but uses up a number), and the current state points
 * into it. `previous` chains the rows of one key, so that a purge finds them all. A purged row is deleted.
 */
const TABLES = `
CREATE TABLE IF NOT EXISTS block (
  number INTEGER PRIMARY KEY,
  previous_hash TEXT NOT NULL,
  data_hash TEXT NOT NULL,
  config INTEGER NOT NULL,
  signature BLOB NOT NULL,
  first_private INTEGER NOT NULL,
  data BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS tx (
  tx_id BLOB PRIMARY KEY,
  block INTEGER NOT NULL,
  place INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS private_data (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL,
  previous INTEGER,
  value BLOB
) STRICT;
CREATE TABLE IF NOT EXISTS private_state (
  key TEXT PRIMARY KEY,
  block INTEGER NOT NULL,
  tx INTEGER NOT NULL,
  data INTEGER NOT NULL,
  present INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS public_state (
  key TEXT PRIMARY KEY,
  block INTEGER NOT NULL,
  tx INTEGER NOT NULL,
  value BLOB NOT NULL
) STRICT, WITHOUT ROWID;
`;

const FORMAT = 1;

function version(db: DatabaseSync): number {
  return Number(db.prepare('PRAGMA user_version').get()?.['user_version']);
}

/** Opens a ledger's file for writing and creates its tables. Throws when the file is of another format. */
export function openDatabase(file: string): DatabaseSync {
  const db = new DatabaseSync(file, { timeout: 100 });
  try {
    db.exec('PRAGMA encoding = "UTF-8"; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    // What is deleted is overwritten: a purged value is not left in the file's free pages.
    db.exec('PRAGMA secure_delete = ON; PRAGMA cache_size = -8192; PRAGMA wal_autocheckpoint = 4000');
    const found = version(db);
    if (found !== 0 && found !== FORMAT) throw new Error(`${file} has ledger format ${found}, not ${FORMAT}`);
    if (found === 0) db.exec(`BEGIN; ${TABLES} PRAGMA user_version = ${FORMAT}; COMMIT`);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Opens a ledger's file to look into it, also while a process writes it. Throws when it is no ledger. */
export function openForReading(file: string): DatabaseSync {
  const db = new DatabaseSync(file, { readOnly: true, timeout: 1000 });
  try {
    if (version(db) !== FORMAT) throw new Error(`${file} is not a ledger`);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
