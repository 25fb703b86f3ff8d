import type { IdentityStore, Ledger } from '@fhir-fabric-gateway/chaincode/api';
import type { ContractClass, LedgerConfig } from './config.ts';
import { openEmbeddedLedger } from './embedded/embedded-ledger.ts';
import { loadShim } from './embedded/shim.ts';

export interface LedgerDeps {
  /** Who may submit: an organisation's wallet. */
  identities: IdentityStore;
  /** The contract classes that an embedded ledger runs; those of chaincode/ by default. */
  contracts?: readonly ContractClass[];
  /** Milliseconds since 1970; on Fabric the time is the client library's. */
  clock?: () => number;
  /**
   * Told of what the ledger gets over without help (a connection that ended, say), for the log of whoever runs it: what
   * happened, and an error that caused it.
   */
  trouble?: (what: string, cause: unknown) => void;
  /** `n` random bytes. */
  random?: (n: number) => Uint8Array;
}

/** Opens the ledger that `config` names, and creates it when its engine can. Rejects with an Error that says why not. */
export async function openLedger(config: LedgerConfig, deps: LedgerDeps): Promise<Ledger> {
  switch (config.engine) {
    case 'embedded':
      return openEmbeddedLedger(config, { ...deps, contracts: deps.contracts ?? (await projectContracts()) });
    case 'fabric': {
      const { openFabricLedger } = await import('./fabric/client/fabric-ledger.ts');
      return openFabricLedger(config, deps);
    }
  }
}

/** Loaded here, and not with this module, so that the chaincode's libraries are quieted before they log. */
async function projectContracts(): Promise<readonly ContractClass[]> {
  loadShim();
  const { contracts } = await import('@fhir-fabric-gateway/chaincode');
  return contracts;
}
