import { openAuthority, openLedger, type Authority, type Wallet } from '@fhir-fabric-gateway/network';
import type { Ledger, Role, StoredIdentity } from '@fhir-fabric-gateway/chaincode/api';
import type { LedgerSettings } from '../config.ts';
import { operatorOf } from '../setup/operator.ts';
import { warn } from './alarm.ts';
import { watchRenewal } from './renewal.ts';
import { ledgerFile, signerFile, storesOf } from './stores.ts';

export interface LedgerAccessSettings {
  ledger: LedgerSettings;
  dataDir: string;
  /** See Stores. */
  indexUrl: string;
  /** Encrypts keys at rest. */
  masterSecret: string;
  /** The own organisations. */
  mspIds: readonly string[];
}

/** The ledger, and the authorities that issue the own organisations' certificates. */
export interface LedgerAccess {
  ledger: Ledger;
  /** A new key and a certificate for it. Throws for another organisation's. */
  issue(mspId: string, request: { role: Role; pseudonym?: string }): Promise<StoredIdentity>;
  close(): Promise<void>;
}

/** Opens the ledger that the settings name, for the identities of the wallet. */
export async function openLedgerAccess(
  settings: LedgerAccessSettings,
  wallet: Wallet,
): Promise<LedgerAccess> {
  const { ledger: which, dataDir, masterSecret: secret, mspIds } = settings;
  const authorities = new Map<string, Authority>();
  const connection = which.engine === 'fabric' && { connection: which.connection };
  for (const mspId of mspIds) {
    const options = { mspId, url: storesOf(settings).wallet, secret };
    authorities.set(mspId, await openAuthority({ ...options, ...connection }));
  }
  const [own = ''] = mspIds;
  const trouble = (what: string, cause: unknown) => warn(what, cause);
  const ledger = await openLedger(
    which.engine === 'fabric'
      ? { engine: 'fabric', connection: which.connection, reader: operatorOf(own) }
      : {
          engine: 'embedded',
          file: ledgerFile(dataDir),
          organisations: [...authorities.values()].map(({ mspId, certificate }) => ({
            mspId,
            caCertificate: certificate,
          })),
          signer: { file: signerFile(dataDir), secret },
        },
    { identities: wallet, trouble },
  );
  const renewal = watchRenewal([...authorities.values()], wallet);
  return {
    ledger,
    async issue(mspId, request) {
      const authority = authorities.get(mspId);
      if (!authority) throw new Error(`no certificate authority for ${mspId}`);
      return authority.enroll(request);
    },
    async close() {
      renewal.stop();
      await ledger.close();
      for (const authority of authorities.values()) await authority.close();
    },
  };
}
