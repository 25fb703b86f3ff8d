import { X509Certificate } from 'node:crypto';
import type { IdentityRef, IdentityStore, StoredIdentity } from '@fhir-fabric-gateway/chaincode/api';
import { blob, openSealedStore, type SealedStore, type StoreOptions } from './sealed-store.ts';
import { seal, unseal } from './sealing.ts';
import type { Row } from './tables.ts';

/** An organisation's identities with their private keys. */
export interface Wallet extends IdentityStore {
  /** Replaces what was there under the same name. */
  put(identity: StoredIdentity): Promise<void>;
  /** The same, if what is there has the certificate that `before` has; whether it had. */
  replace(before: StoredIdentity, identity: StoredIdentity): Promise<boolean>;
  /** Whether it was there. */
  remove(ref: IdentityRef): Promise<boolean>;
  /** All, or one organisation's. */
  list(mspId?: string): Promise<IdentityRef[]>;
  /** Those of an organisation whose certificates end before a time (milliseconds since 1970), the first to end first. */
  endingBefore(mspId: string, time: number): Promise<IdentityRef[]>;
  close(): Promise<void>;
}

/**
 * A wallet in a SQLite file, or in the database that an organisation's gateways share: what one puts into it, all have at
 * once. Private keys are encrypted at rest (AES-256-GCM under a key that scrypt derives from `secret`). Rejects with a
 * WrongSecretError when it was made with another secret.
 */
export async function openWallet(options: StoreOptions | { file: string; secret: string }): Promise<Wallet> {
  const { secret } = options;
  return new SealedWallet(
    await openSealedStore({ url: 'url' in options ? options.url : options.file, secret }),
  );
}

const contextOf = ({ mspId, pseudonym }: IdentityRef) => `the key of ${mspId}/${pseudonym}`;
const refOf = (row: Row): IdentityRef => ({
  mspId: String(row['msp_id']),
  pseudonym: String(row['pseudonym']),
});
const endOf = (certificate: string): number => new X509Certificate(certificate).validToDate.getTime();

class SealedWallet implements Wallet {
  readonly #store: SealedStore;

  constructor(store: SealedStore) {
    this.#store = store;
  }

  async get({ mspId, pseudonym }: IdentityRef): Promise<StoredIdentity | undefined> {
    const [row] = await this.#store.tables.all(
      'SELECT certificate, private_key FROM identity WHERE msp_id = ? AND pseudonym = ?',
      [mspId, pseudonym],
    );
    if (!row) return undefined;
    const key = unseal(this.#store.key, blob(row['private_key']), contextOf({ mspId, pseudonym }));
    const privateKey = Buffer.from(key).toString('utf8');
    return { mspId, pseudonym, certificate: String(row['certificate']), privateKey };
  }

  async put(identity: StoredIdentity): Promise<void> {
    const { mspId, pseudonym, certificate } = identity;
    await this.#store.tables.run(
      `INSERT INTO identity (msp_id, pseudonym, certificate, private_key, expires) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (msp_id, pseudonym) DO UPDATE SET certificate = excluded.certificate,
         private_key = excluded.private_key, expires = excluded.expires`,
      [mspId, pseudonym, certificate, this.#sealed(identity), endOf(certificate)],
    );
  }

  async replace(before: StoredIdentity, identity: StoredIdentity): Promise<boolean> {
    const { mspId, pseudonym, certificate } = identity;
    const changed = await this.#store.tables.run(
      `UPDATE identity SET certificate = ?, private_key = ?, expires = ?
       WHERE msp_id = ? AND pseudonym = ? AND certificate = ?`,
      [certificate, this.#sealed(identity), endOf(certificate), mspId, pseudonym, before.certificate],
    );
    return changed === 1;
  }

  async remove({ mspId, pseudonym }: IdentityRef): Promise<boolean> {
    const text = 'DELETE FROM identity WHERE msp_id = ? AND pseudonym = ?';
    return (await this.#store.tables.run(text, [mspId, pseudonym])) === 1;
  }

  async list(mspId?: string): Promise<IdentityRef[]> {
    const rows = await this.#store.tables.all(
      'SELECT msp_id, pseudonym FROM identity WHERE msp_id = coalesce(?, msp_id) ORDER BY msp_id, pseudonym',
      [mspId ?? null],
    );
    return rows.map(refOf);
  }

  async endingBefore(mspId: string, time: number): Promise<IdentityRef[]> {
    const rows = await this.#store.tables.all(
      'SELECT msp_id, pseudonym FROM identity WHERE msp_id = ? AND expires < ? ORDER BY expires, pseudonym',
      [mspId, time],
    );
    return rows.map(refOf);
  }

  close(): Promise<void> {
    return this.#store.tables.close();
  }

  #sealed(identity: StoredIdentity): Uint8Array {
    return seal(this.#store.key, Buffer.from(identity.privateKey, 'utf8'), contextOf(identity));
  }
}
