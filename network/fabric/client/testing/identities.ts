import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IdentityRef, IdentityStore, Role, StoredIdentity } from '@fhir-fabric-gateway/chaincode/api';
import { attributesExtension } from '../../../identities/attributes.ts';
import { issueMember, type KeyPair } from '../../network/certificates/ca.ts';

/** An organisation's CA, by its key, and whom it has enrolled: in memory. */
export class TestAuthority implements IdentityStore {
  readonly mspId: string;
  readonly #ca: KeyPair;
  readonly #enrolled = new Map<string, StoredIdentity>();

  constructor(mspId: string, certificate: string, privateKey: string) {
    this.mspId = mspId;
    this.#ca = { certificate, privateKey };
  }

  /** Of an organisation of the network in this folder. */
  static of(folder: string, organisation: string, mspId: string): TestAuthority {
    const file = (name: string) =>
      readFileSync(join(folder, 'organisations', organisation, 'ca', name), 'utf8');
    return new TestAuthority(mspId, file('certificate.pem'), file('key.pem'));
  }

  async enroll(role: Role, pseudonym = randomBytes(16).toString('base64url')): Promise<IdentityRef> {
    const attributes = attributesExtension({ role, subject: pseudonym });
    const pair = await issueMember(this.#ca, pseudonym, 'client', [attributes]);
    this.#enrolled.set(pseudonym, { mspId: this.mspId, pseudonym, ...pair });
    return { mspId: this.mspId, pseudonym };
  }

  async get({ mspId, pseudonym }: IdentityRef): Promise<StoredIdentity | undefined> {
    return mspId === this.mspId ? this.#enrolled.get(pseudonym) : undefined;
  }
}
