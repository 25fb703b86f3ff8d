import { randomBytes } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';

/**
 * event: a row for each AuditEvent. `identity` and `msp` repeat what the agent says, for their indexes.
 * agent, string: what repeats, kept once. Absent parts of an agent are ''.
 * concern: whom the rows of an identity concern, each once. An index for it, or one on entities, would cost a page written
 * for nearly every row: with them a log of a million rows took 2,000 rows a second, without them four times as many.
 * head: how many rows there are, and the hash of the last: changes in the transaction that appends.
 * anchor: stretches whose Merkle root was, or is to be, written to the ledger; `tx` once it stands there.
 */
const TABLES = `
CREATE TABLE IF NOT EXISTS string (id INTEGER PRIMARY KEY, value TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE IF NOT EXISTS agent (
  id INTEGER PRIMARY KEY, msp TEXT NOT NULL, pseudonym TEXT NOT NULL, role TEXT NOT NULL, person TEXT NOT NULL,
  organization TEXT NOT NULL, client TEXT NOT NULL, display TEXT NOT NULL, address TEXT NOT NULL,
  UNIQUE (pseudonym, address, client, msp, role, person, organization, display)
) STRICT;
CREATE TABLE IF NOT EXISTS event (
  seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, interaction INTEGER NOT NULL, action TEXT NOT NULL,
  outcome INTEGER NOT NULL, status INTEGER NOT NULL, identity INTEGER NOT NULL, msp INTEGER NOT NULL,
  agent INTEGER NOT NULL, patient INTEGER, entity TEXT, version INTEGER, query TEXT, request TEXT NOT NULL,
  purpose INTEGER NOT NULL, policy INTEGER, salt BLOB NOT NULL, hash BLOB NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS event_patient ON event (patient, at) WHERE patient IS NOT NULL;
CREATE INDEX IF NOT EXISTS event_identity ON event (identity, at);
CREATE INDEX IF NOT EXISTS event_msp ON event (msp, at) WHERE patient IS NULL;
CREATE TABLE IF NOT EXISTS concern (
  identity INTEGER NOT NULL, patient INTEGER NOT NULL, PRIMARY KEY (identity, patient)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS head (
  one INTEGER PRIMARY KEY CHECK (one = 1), rows INTEGER NOT NULL, hash BLOB NOT NULL, secret BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS anchor (
  number INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL, root TEXT NOT NULL, at INTEGER NOT NULL,
  tx TEXT
) STRICT;`;

/** What stands before the first row. */
export const GENESIS: Uint8Array = new Uint8Array(32);

/** Opens the log for writing, and makes it when it is not there. Every commit is synced. */
export function openForWriting(file: string): DatabaseSync {
  const db = new DatabaseSync(file, { timeout: 5000 });
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
  // Rows of many patients touch many pages: enough memory for them, and several groups to a checkpoint.
  db.exec('PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 4000;');
  db.exec(`BEGIN IMMEDIATE; ${TABLES}`);
  db.prepare('INSERT OR IGNORE INTO head VALUES (1, 0, ?, ?)').run(GENESIS, randomBytes(16));
  db.exec('COMMIT');
  return db;
}

/** Opens a log that is there, without ever changing it. */
export function openForReading(file: string): DatabaseSync {
  return new DatabaseSync(file, { readOnly: true, timeout: 5000 });
}

export interface Head {
  rows: number;
  hash: Uint8Array;
  /** Key under which event ids are made; see event-id.ts. */
  secret: Uint8Array;
}

export function readHead(db: DatabaseSync): Head {
  const head = db.prepare('SELECT rows, hash, secret FROM head').get() as Head | undefined;
  if (head === undefined) throw new Error('The audit log has no head');
  return head;
}
