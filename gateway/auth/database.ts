import { DatabaseSync } from 'node:sqlite';

const SCHEMA = `
CREATE TABLE IF NOT EXISTS account (
  id TEXT PRIMARY KEY,
  username TEXT NOT NULL UNIQUE,
  password_hash TEXT NOT NULL,
  role TEXT NOT NULL,
  msp_id TEXT NOT NULL,
  pseudonym TEXT NOT NULL,
  fhir_user TEXT NOT NULL,
  organization TEXT,
  display TEXT NOT NULL,
  given TEXT,
  family TEXT,
  birthday TEXT,
  contact TEXT,
  address TEXT,
  status TEXT NOT NULL,
  created INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  UNIQUE (msp_id, pseudonym)
) STRICT;
CREATE TABLE IF NOT EXISTS client (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  redirect_uris TEXT NOT NULL,
  logout_uris TEXT NOT NULL,
  scopes TEXT NOT NULL,
  jwks TEXT,
  role TEXT,
  msp_id TEXT,
  pseudonym TEXT,
  organization TEXT,
  status TEXT NOT NULL,
  revision INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS state (
  model TEXT NOT NULL,
  id BLOB NOT NULL,
  payload TEXT NOT NULL,
  account_id TEXT,
  client_id TEXT,
  grant_id TEXT,
  session_uid TEXT,
  consumed INTEGER,
  expires INTEGER,
  PRIMARY KEY (model, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS state_expires ON state (expires);
CREATE INDEX IF NOT EXISTS state_account ON state (account_id) WHERE account_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS state_client ON state (client_id) WHERE client_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS state_grant ON state (grant_id) WHERE grant_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS state_session ON state (session_uid) WHERE session_uid IS NOT NULL;
CREATE TABLE IF NOT EXISTS launch_context (
  grant_id TEXT PRIMARY KEY,
  patient TEXT NOT NULL,
  expires INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS launch_context_expires ON launch_context (expires);
CREATE TABLE IF NOT EXISTS signing_key (
  kid TEXT PRIMARY KEY,
  sealed BLOB NOT NULL,
  created INTEGER NOT NULL
) STRICT;
`;

/** Accounts, clients, signing keys and the authorization server's state: one SQLite file, used by this process. */
export interface AuthDatabase {
  readonly sql: DatabaseSync;
  /**
   * Runs `change` in one transaction that is on disk before it answers: for what must never be forgotten (accounts,
   * keys, revocations). Everything else may lose its last moments in a power cut: a login is then done again.
   */
  durably<T>(change: () => T): T;
  close(): void;
}

/** Opens the file, or `:memory:`, and creates its tables. */
export function openAuthDatabase(file: string): AuthDatabase {
  const sql = new DatabaseSync(file);
  sql.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000;');
  sql.exec(SCHEMA);
  return {
    sql,
    durably(change) {
      sql.exec('PRAGMA synchronous = FULL; BEGIN IMMEDIATE;');
      try {
        const result = change();
        sql.exec('COMMIT');
        return result;
      } catch (error) {
        sql.exec('ROLLBACK');
        throw error;
      } finally {
        sql.exec('PRAGMA synchronous = NORMAL');
      }
    },
    close: () => {
      sql.close();
    },
  };
}
