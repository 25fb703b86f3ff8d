import { openDatabase } from '../database/open.ts';
import type { Database, Schema } from '../database/port.ts';

const schema: Schema = ({ number, real, bytes, end, clustered }) => `
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
  created ${number} NOT NULL,
  revision ${number} NOT NULL,
  UNIQUE (msp_id, pseudonym)
) ${end};
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
  revision ${number} NOT NULL
) ${end};
CREATE TABLE IF NOT EXISTS state (
  model TEXT NOT NULL,
  id ${bytes} NOT NULL,
  payload TEXT NOT NULL,
  account_id TEXT,
  client_id TEXT,
  grant_id TEXT,
  session_uid TEXT,
  consumed ${number},
  expires ${number},
  PRIMARY KEY (model, id)
) ${clustered};
CREATE INDEX IF NOT EXISTS state_expires ON state (expires);
CREATE INDEX IF NOT EXISTS state_account ON state (account_id) WHERE account_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS state_client ON state (client_id) WHERE client_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS state_grant ON state (grant_id) WHERE grant_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS state_session ON state (session_uid) WHERE session_uid IS NOT NULL;
CREATE TABLE IF NOT EXISTS launch_context (
  grant_id TEXT PRIMARY KEY,
  patient TEXT NOT NULL,
  expires ${number} NOT NULL
) ${end};
CREATE INDEX IF NOT EXISTS launch_context_expires ON launch_context (expires);
CREATE TABLE IF NOT EXISTS signing_key (
  kid TEXT PRIMARY KEY,
  sealed ${bytes} NOT NULL,
  created ${number} NOT NULL
) ${end};
CREATE TABLE IF NOT EXISTS founded (what TEXT PRIMARY KEY) ${end};
CREATE TABLE IF NOT EXISTS attempts (
  id ${bytes} PRIMARY KEY,
  value ${real} NOT NULL,
  until ${number} NOT NULL,
  at ${number} NOT NULL,
  expires ${number} NOT NULL,
  revision ${number} NOT NULL
) ${clustered};
CREATE INDEX IF NOT EXISTS attempts_expires ON attempts (expires);
`;

/**
 * Accounts, clients, signing keys, the authorization server's state and what is remembered of logins. What must never be
 * forgotten (accounts, keys, revocations) is written durably. Everything else may lose its last moments in a power cut: a
 * login is then done again.
 */
export type AuthDatabase = Database;

/** Opens a SQLite file, `:memory:`, or a `postgres://` URL, and creates its tables. */
export const openAuthDatabase = (url: string): Promise<AuthDatabase> =>
  openDatabase({ url, store: 'gateway_auth' }, schema);
