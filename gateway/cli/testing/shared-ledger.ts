import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthority, openLedger, type Authority, type Wallet } from '@fhir-fabric-gateway/network';
import type { IdentityRef, StoredIdentity } from '@fhir-fabric-gateway/chaincode/api';
import type { LedgerAccess, LedgerAccessSettings } from '../ledger-access.ts';
import { Peer, type PeerSource } from './peer.ts';

/** One ledger in this process, for the gateways of several organisations. */
export interface SharedLedger {
  /** The organisation's own view of it. */
  peer(mspId: string): Peer;
  /** For `openStorage`: the organisation's peer, its wallet and its authority, and no other's. */
  accessOf(mspId: string): (settings: LedgerAccessSettings, wallet: Wallet) => Promise<LedgerAccess>;
  close(): Promise<void>;
}

const SECRET = 'a secret for tests, and for nothing else';

/** Opens an embedded ledger of these members in a folder of its own. Nothing is founded on it. */
export async function openSharedLedger(mspIds: readonly string[]): Promise<SharedLedger> {
  const folder = mkdtempSync(join(tmpdir(), 'shared-ledger-'));
  const authorities = new Map<string, Authority>();
  for (const mspId of mspIds) {
    const file = join(folder, `${mspId}.db`);
    authorities.set(mspId, await createAuthority({ mspId, file, secret: SECRET }));
  }
  const wallets = new Map<string, Wallet[]>();
  const identities = {
    async get(ref: IdentityRef): Promise<StoredIdentity | undefined> {
      for (const wallet of wallets.get(ref.mspId) ?? []) {
        const found = await wallet.get(ref);
        if (found) return found;
      }
      return undefined;
    },
  };
  let dataMissing = false;
  const ledger = await openLedger(
    {
      engine: 'embedded',
      file: join(folder, 'ledger.db'),
      organisations: [...authorities.values()].map(({ mspId, certificate }) => ({
        mspId,
        caCertificate: certificate,
      })),
      signer: { file: join(folder, 'orderer.db'), secret: SECRET },
      testing: { faults: { missing: () => dataMissing } },
    },
    { identities },
  );
  const source: PeerSource = Object.assign(ledger, {
    blockWithoutData(number: number) {
      // The block is read before the call returns.
      dataMissing = true;
      const read = ledger.block(number);
      dataMissing = false;
      return read;
    },
  });
  const peers = new Map(mspIds.map((mspId) => [mspId, new Peer(source, mspId)]));
  const peer = (mspId: string): Peer => {
    const found = peers.get(mspId);
    if (!found) throw new RangeError(`no peer of ${mspId}`);
    return found;
  };
  return {
    peer,
    accessOf: (mspId) => async (_settings, wallet) => {
      wallets.set(mspId, [...(wallets.get(mspId) ?? []), wallet]);
      return {
        ledger: peer(mspId),
        async issue(of, request) {
          const authority = of === mspId ? authorities.get(of) : undefined;
          if (!authority) throw new Error(`no certificate authority for ${of}`);
          return authority.enroll(request);
        },
        async close() {
          wallets.set(
            mspId,
            (wallets.get(mspId) ?? []).filter((one) => one !== wallet),
          );
          await peer(mspId).close();
        },
      };
    },
    async close() {
      await ledger.close();
      for (const authority of authorities.values()) await authority.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
