import type { IdentityStore } from '@fhir-fabric-gateway/chaincode/api';
import type { FabricConfig } from './config.ts';
import type { ShownFabricTransaction } from './fabric/client/show.ts';
import type { FabricReport } from './fabric/client/verify.ts';

export type { FabricReport, ShownFabricTransaction };

interface Deps {
  /** Holds the `reader` of the configuration. */
  identities: IdentityStore;
}

/** See fabric/client/verify.ts, which is loaded here: what runs without Fabric does without its libraries. */
export async function verifyFabricLedger(config: FabricConfig, deps: Deps): Promise<FabricReport> {
  const verify = await import('./fabric/client/verify.ts');
  return verify.verifyFabricLedger(config, deps);
}

/** See fabric/client/show.ts. */
export async function showFabricTransaction(
  config: FabricConfig,
  deps: Deps,
  txId: string,
): Promise<ShownFabricTransaction | undefined> {
  const show = await import('./fabric/client/show.ts');
  return show.showFabricTransaction(config, deps, txId);
}
