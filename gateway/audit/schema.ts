import type { Reading, Schema, SchemaWords } from '../database/port.ts';
import { bytes, number } from '../database/rows.ts';
import type { ChainHead } from './chain.ts';

/** The name of the log among the stores of a PostgreSQL database. */
export const STORE = 'gateway_audit';

/**
 * event: a row for each AuditEvent. `identity` and `msp` repeat what the agent says, for their indexes.
 * agent, string: what repeats, kept once. Absent parts of an agent are ''.
 * concern: whom the rows of an identity concern, each once. An index for it, or one on entities, would cost a page written
 * for nearly every row: with them a log of a million rows took 2,000 rows a second, without them four times as many.
 * anchor: stretches whose Merkle root was, or is to be, written to the ledger; `tx` once it stands there.
 */
const tables = ({ number, bytes, counted, end, clustered }: SchemaWords, agentKey: string): string => `
CREATE TABLE IF NOT EXISTS string (id ${counted}, value TEXT NOT NULL UNIQUE) ${end};
CREATE TABLE IF NOT EXISTS agent (
  id ${counted}, msp TEXT NOT NULL, pseudonym TEXT NOT NULL, role TEXT NOT NULL, person TEXT NOT NULL,
  organization TEXT NOT NULL, client TEXT NOT NULL, display TEXT NOT NULL, address TEXT NOT NULL,
  ${agentKey}
) ${end};
CREATE TABLE IF NOT EXISTS event (
  seq ${number} PRIMARY KEY, at ${number} NOT NULL, interaction ${number} NOT NULL, action TEXT NOT NULL,
  outcome ${number} NOT NULL, status ${number} NOT NULL, identity ${number} NOT NULL, msp ${number} NOT NULL,
  agent ${number} NOT NULL, patient ${number}, entity TEXT, version ${number}, query TEXT, request TEXT NOT NULL,
  purpose ${number} NOT NULL, policy ${number}, salt ${bytes} NOT NULL, hash ${bytes} NOT NULL
) ${end};
CREATE INDEX IF NOT EXISTS event_patient ON event (patient, at) WHERE patient IS NOT NULL;
CREATE INDEX IF NOT EXISTS event_identity ON event (identity, at);
CREATE INDEX IF NOT EXISTS event_msp ON event (msp, at) WHERE patient IS NULL;
CREATE TABLE IF NOT EXISTS concern (
  identity ${number} NOT NULL, patient ${number} NOT NULL, PRIMARY KEY (identity, patient)
) ${clustered};
CREATE TABLE IF NOT EXISTS anchor (
  number ${number} PRIMARY KEY, first ${number} NOT NULL, last ${number} NOT NULL, root TEXT NOT NULL,
  at ${number} NOT NULL, tx TEXT
) ${end};`;

/**
 * head: how many rows there are, and the hash of the last: changes in the transaction that appends; the secret under
 * which the ids of events are made.
 */
export const sqliteTables: Schema = (words) => `
${tables(words, 'UNIQUE (pseudonym, address, client, msp, role, person, organization, display)')}
CREATE TABLE IF NOT EXISTS head (
  one INTEGER PRIMARY KEY CHECK (one = 1), rows INTEGER NOT NULL, hash BLOB NOT NULL, secret BLOB NOT NULL
) STRICT;`;

/**
 * The same for several chains. An agent is found by the digest of its columns, which may be too long for an index, and
 * has the folded texts that SQLite folds when it is asked.
 */
export const postgresTables: Schema = (words) => `
${tables(words, `folded_display TEXT NOT NULL, folded_address TEXT NOT NULL, digest ${words.bytes} NOT NULL UNIQUE`)}
CREATE TABLE IF NOT EXISTS head (
  chain ${words.number} PRIMARY KEY, rows ${words.number} NOT NULL, hash ${words.bytes} NOT NULL
);
CREATE TABLE IF NOT EXISTS secret (one ${words.number} PRIMARY KEY CHECK (one = 1), secret ${words.bytes} NOT NULL);`;

/** What stands before the first row. */
export const GENESIS: Uint8Array = new Uint8Array(32);

/** What a log's engine says in its own way. */
export interface AuditWords {
  /** `SELECT` of the chains' heads: `chain`, `rows` and `hash`. */
  heads: string;
  /** `SELECT` of the key under which event ids are made; see event-id.ts. */
  secret: string;
  /** A function of two texts: where in the first the second begins, from 1; 0 when it is not there. */
  position: string;
  /** A column of an agent without case and accents. */
  folded(column: 'display' | 'address'): string;
  /** Columns to be held against `fold`, if the log keeps folded texts. */
  foldedColumns: string;
  /** Rows `j.value`, the texts of a JSON array that is given as a parameter. */
  listed: string;
  /** What follows the table to walk it along an index. */
  indexedBy(index: string): string;
}

export const SQLITE_WORDS: AuditWords = {
  heads: 'SELECT 0 AS chain, rows, hash FROM head',
  secret: 'SELECT secret FROM head',
  position: 'instr',
  folded: (column) => `fold(a.${column})`,
  foldedColumns: '',
  listed: 'json_each(?) j',
  indexedBy: (index) => `INDEXED BY ${index}`,
};

export const POSTGRES_WORDS: AuditWords = {
  heads: 'SELECT chain, rows, hash FROM head',
  secret: 'SELECT secret FROM secret',
  position: 'strpos',
  folded: (column) => `a.folded_${column}`,
  foldedColumns: ', a.folded_display, a.folded_address',
  listed: 'jsonb_array_elements_text(CAST(? AS jsonb)) AS j(value)',
  indexedBy: () => '',
};

/** The heads of all chains, in the order of their numbers. */
export async function headsOf(db: Reading, words: AuditWords): Promise<ChainHead[]> {
  const rows = await db.all(`${words.heads} ORDER BY chain`);
  return rows.map((row) => ({
    chain: number(row, 'chain'),
    rows: number(row, 'rows'),
    hash: bytes(row, 'hash'),
  }));
}

/** The key under which event ids are made; see event-id.ts. */
export async function secretOf(db: Reading, words: AuditWords): Promise<Uint8Array> {
  const row = await db.get(words.secret);
  if (!row) throw new Error('The audit log has no secret');
  return bytes(row, 'secret');
}
