import { randomBytes } from 'node:crypto';
import { openPostgresTables } from './postgres-tables.ts';
import { deriveSealingKey, SALT_BYTES, seal, unseal, WrongSecretError, type SealingKey } from './sealing.ts';
import { openSqliteTables } from './sqlite-tables.ts';
import type { Tables } from './tables.ts';

/** Where keys are kept: tables whose secrets are sealed under one secret. Wallets and authorities may share them. */
export interface SealedStore {
  tables: Tables;
  key: SealingKey;
}

/** Where a wallet or an authority is kept, and what encrypts its keys. */
export interface StoreOptions {
  /** A SQLite file, or the `postgres://` URL of the database that an organisation's gateways share. */
  url: string;
  secret: string;
}

const PROOF = Buffer.from('the secret is right');

const isPostgres = (url: string): boolean => /^postgres(ql)?:/.test(url);

/** What an error may say of a store: a URL without its password. */
function nameOf(url: string): string {
  if (!isPostgres(url)) return url;
  const { host, pathname } = new URL(url);
  return `postgres://${host}${pathname}`;
}

/** Opens the store, or creates it. Rejects with a WrongSecretError. */
export async function openSealedStore({ url, secret }: StoreOptions): Promise<SealedStore> {
  const tables = isPostgres(url) ? await openPostgresTables(url) : openSqliteTables(url);
  try {
    // Whoever comes first sets salt and proof, should several open a new store at once.
    await tables.run('INSERT INTO sealing (one, salt) VALUES (1, ?) ON CONFLICT DO NOTHING', [
      randomBytes(SALT_BYTES),
    ]);
    const sealing = async () => (await tables.all('SELECT salt, proof FROM sealing'))[0];
    const key = await deriveSealingKey(secret, blob((await sealing())?.['salt']));
    await tables.run('UPDATE sealing SET proof = ? WHERE proof IS NULL', [seal(key, PROOF, 'proof')]);
    check(key, blob((await sealing())?.['proof']), nameOf(url));
    return { tables, key };
  } catch (error) {
    await tables.close();
    throw error;
  }
}

function check(key: SealingKey, proof: Uint8Array, name: string): void {
  try {
    unseal(key, proof, 'proof');
  } catch {
    throw new WrongSecretError(name);
  }
}

/** A column of bytes; throws a TypeError when the store has something else there. */
export function blob(value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new TypeError('a column is no byte string');
  return value;
}
