import { randomBytes } from 'node:crypto';
import { chmodSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { deriveSealingKey, SALT_BYTES, seal, unseal, WrongSecretError, type SealingKey } from './sealing.ts';

/** A SQLite file whose secrets are sealed under one secret. Wallets and authorities may share one. */
export interface SealedFile {
  db: DatabaseSync;
  key: SealingKey;
}

const PROOF = Buffer.from('the secret is right');
const TABLES = `
CREATE TABLE IF NOT EXISTS sealing (one INTEGER PRIMARY KEY CHECK (one = 1), salt BLOB NOT NULL, proof BLOB) STRICT;
CREATE TABLE IF NOT EXISTS identity (
  msp_id TEXT NOT NULL, pseudonym TEXT NOT NULL, certificate TEXT NOT NULL, private_key BLOB NOT NULL,
  PRIMARY KEY (msp_id, pseudonym)
) STRICT;
CREATE TABLE IF NOT EXISTS authority (
  msp_id TEXT PRIMARY KEY, certificate TEXT NOT NULL, private_key BLOB NOT NULL
) STRICT;
`;

/** Opens the file, or creates it, readable by its owner only. Rejects with a WrongSecretError. */
export async function openSealedFile(file: string, secret: string): Promise<SealedFile> {
  const db = new DatabaseSync(file, { timeout: 5000 });
  try {
    if (file !== ':memory:') chmodSync(file, 0o600);
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON');
    db.exec(`BEGIN IMMEDIATE; ${TABLES} COMMIT`);
    // Whoever comes first sets salt and proof, should two open a new file at once.
    db.prepare('INSERT OR IGNORE INTO sealing (one, salt) VALUES (1, ?)').run(randomBytes(SALT_BYTES));
    const key = await deriveSealingKey(secret, blob(db.prepare('SELECT salt FROM sealing').get()?.['salt']));
    db.prepare('UPDATE sealing SET proof = ? WHERE proof IS NULL').run(seal(key, PROOF, 'proof'));
    check(key, blob(db.prepare('SELECT proof FROM sealing').get()?.['proof']), file);
    return { db, key };
  } catch (error) {
    db.close();
    throw error;
  }
}

function check(key: SealingKey, proof: Uint8Array, file: string): void {
  try {
    unseal(key, proof, 'proof');
  } catch {
    throw new WrongSecretError(file);
  }
}

/** A column of bytes; throws a TypeError when the file has something else there. */
export function blob(value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new TypeError('a column is no byte string');
  return value;
}
