import type { WalletStore } from 'fabric-network';
import type { IdentityRef, IdentityStore } from '@fhir-fabric-gateway/chaincode/api';

const SEPARATOR = '/';

/** The name of an identity in the library's wallet. */
export const labelOf = ({ mspId, pseudonym }: IdentityRef): string => `${mspId}${SEPARATOR}${pseudonym}`;

/**
 * The organisation's own wallet as a store of fabric-network's: keys are encrypted at rest there, and unsealed in
 * memory only when an identity is asked for. It is read only: identities are enrolled by the organisation's authority.
 */
export class SealedWalletStore implements WalletStore {
  readonly #identities: IdentityStore;

  constructor(identities: IdentityStore) {
    this.#identities = identities;
  }

  async get(label: string): Promise<Buffer | undefined> {
    const at = label.indexOf(SEPARATOR);
    const ref = { mspId: label.slice(0, at), pseudonym: label.slice(at + SEPARATOR.length) };
    const identity = await this.#identities.get(ref);
    if (!identity) return undefined;
    const { mspId, certificate, privateKey } = identity;
    return Buffer.from(
      JSON.stringify({ type: 'X.509', version: 1, mspId, credentials: { certificate, privateKey } }),
    );
  }

  async list(): Promise<string[]> {
    return [];
  }

  async put(): Promise<void> {
    throw new Error('identities are enrolled by the organisation, not by its client');
  }

  async remove(): Promise<void> {
    throw new Error('identities are removed by the organisation, not by its client');
  }
}
