import { X509Certificate } from 'node:crypto';
import type { IdentityRef } from '@fhir-fabric-gateway/chaincode/api';
import type { Authority } from './authority.ts';
import type { Wallet } from './wallet.ts';

export interface Renewal {
  wallet: Wallet;
  authority: Pick<Authority, 'mspId' | 'renew'>;
  /** Certificates that end within so many milliseconds are renewed; 30 days by default. */
  within?: number;
  /** Milliseconds since 1970. */
  clock?: () => number;
}

/** What became of the identities whose certificates end soon. */
export interface Renewed {
  renewed: readonly IdentityRef[];
  /** Those for which the authority gave no new certificate, and why. */
  failed: readonly { identity: IdentityRef; cause: unknown }[];
}

const DAY = 24 * 3600 * 1000;

/**
 * Gives a new key and certificate to each identity of the authority's organisation whose certificate ends soon, or has
 * ended. To be called at start and from time to time, by as many gateways as share the wallet: of two that renew one
 * identity, one is kept.
 */
export async function renewIdentities(renewal: Renewal): Promise<Renewed> {
  const { wallet, authority, within = 30 * DAY, clock = Date.now } = renewal;
  const renewed: IdentityRef[] = [];
  const failed: { identity: IdentityRef; cause: unknown }[] = [];
  const soon = clock() + within;
  for (const identity of await wallet.endingBefore(authority.mspId, soon)) {
    try {
      if (await renew(identity, renewal, soon)) renewed.push(identity);
    } catch (cause) {
      failed.push({ identity, cause });
    }
  }
  return { renewed, failed };
}

async function renew(
  identity: IdentityRef,
  { wallet, authority }: Renewal,
  before: number,
): Promise<boolean> {
  const stored = await wallet.get(identity);
  // Another gateway may have been here since.
  if (!stored || new X509Certificate(stored.certificate).validToDate.getTime() >= before) return false;
  return wallet.replace(stored, await authority.renew(stored));
}
