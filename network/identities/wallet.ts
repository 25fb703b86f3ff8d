import type { IdentityRef, IdentityStore, StoredIdentity } from '@fhir-fabric-gateway/chaincode/api';
import { blob, openSealedFile, type SealedFile } from './sealed-file.ts';
import { seal, unseal } from './sealing.ts';

/** An organisation's identities with their private keys. */
export interface Wallet extends IdentityStore {
  /** Replaces what was there under the same name. */
  put(identity: StoredIdentity): Promise<void>;
  /** Whether it was there. */
  remove(ref: IdentityRef): Promise<boolean>;
  /** All, or one organisation's. */
  list(mspId?: string): Promise<IdentityRef[]>;
  close(): void;
}

/**
 * A wallet in a SQLite file; private keys are encrypted at rest (AES-256-GCM under a key that scrypt derives from
 * `secret`). Rejects with a WrongSecretError when the file was made with another secret.
 */
export async function openWallet({ file, secret }: { file: string; secret: string }): Promise<Wallet> {
  return new SqliteWallet(await openSealedFile(file, secret));
}

const contextOf = ({ mspId, pseudonym }: IdentityRef) => `the key of ${mspId}/${pseudonym}`;

class SqliteWallet implements Wallet {
  readonly #file: SealedFile;
  readonly #get;
  readonly #put;
  readonly #remove;
  readonly #list;

  constructor(file: SealedFile) {
    this.#file = file;
    const { db } = file;
    this.#get = db.prepare(
      'SELECT certificate, private_key FROM identity WHERE msp_id = ? AND pseudonym = ?',
    );
    this.#put = db.prepare(
      'INSERT OR REPLACE INTO identity (msp_id, pseudonym, certificate, private_key) VALUES (?, ?, ?, ?)',
    );
    this.#remove = db.prepare('DELETE FROM identity WHERE msp_id = ? AND pseudonym = ?');
    this.#list = db.prepare(
      'SELECT msp_id, pseudonym FROM identity WHERE msp_id = coalesce(?, msp_id) ORDER BY msp_id, pseudonym',
    );
  }

  async get({ mspId, pseudonym }: IdentityRef): Promise<StoredIdentity | undefined> {
    const row = this.#get.get(mspId, pseudonym);
    if (!row) return undefined;
    const key = unseal(this.#file.key, blob(row['private_key']), contextOf({ mspId, pseudonym }));
    const privateKey = Buffer.from(key).toString('utf8');
    return { mspId, pseudonym, certificate: String(row['certificate']), privateKey };
  }

  async put(identity: StoredIdentity): Promise<void> {
    const key = seal(this.#file.key, Buffer.from(identity.privateKey, 'utf8'), contextOf(identity));
    this.#put.run(identity.mspId, identity.pseudonym, identity.certificate, key);
  }

  async remove({ mspId, pseudonym }: IdentityRef): Promise<boolean> {
    return this.#remove.run(mspId, pseudonym).changes === 1;
  }

  async list(mspId?: string): Promise<IdentityRef[]> {
    return this.#list
      .all(mspId ?? null)
      .map((row) => ({ mspId: String(row['msp_id']), pseudonym: String(row['pseudonym']) }));
  }

  close(): void {
    this.#file.db.close();
  }
}
