import { X509Certificate } from 'node:crypto';
import { chmodSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { schema, type Row, type Tables } from './tables.ts';

/** Opens the file, or creates it, readable by its owner only. */
export function openSqliteTables(file: string): Tables {
  const db = new DatabaseSync(file, { timeout: 5000 });
  try {
    if (file !== ':memory:') chmodSync(file, 0o600);
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON');
    db.exec('BEGIN IMMEDIATE');
    db.exec(schema({ number: 'INTEGER', bytes: 'BLOB', end: 'STRICT' }));
    addExpiry(db);
    db.exec('COMMIT');
  } catch (error) {
    db.close();
    throw error;
  }
  const statements = new Map<string, StatementSync>();
  const prepared = (text: string): StatementSync => {
    const statement = statements.get(text) ?? db.prepare(text);
    statements.set(text, statement);
    return statement;
  };
  return {
    all: async (text, values = []) => prepared(text).all(...values) as Row[],
    run: async (text, values = []) => Number(prepared(text).run(...values).changes),
    close: async () => {
      if (db.isOpen) db.close();
    },
  };
}

/** Wallets were made without it once. */
function addExpiry(db: DatabaseSync): void {
  const columns = db.prepare('PRAGMA table_info(identity)').all();
  if (!columns.some(({ name }) => name === 'expires'))
    db.exec('ALTER TABLE identity ADD COLUMN expires INTEGER');
  const set = db.prepare('UPDATE identity SET expires = ? WHERE msp_id = ? AND pseudonym = ?');
  const without = db.prepare('SELECT msp_id, pseudonym, certificate FROM identity WHERE expires IS NULL');
  for (const { msp_id: mspId = null, pseudonym = null, certificate } of without.all()) {
    set.run(new X509Certificate(String(certificate)).validToDate.getTime(), mspId, pseudonym);
  }
}
