export type {
  ContractClass,
  EmbeddedConfig,
  FabricConfig,
  Faults,
  LedgerConfig,
  OrganisationConfig,
  SignerConfig,
  TestingConfig,
} from './config.ts';
export { readConnection, type Adapter, type Connection } from './fabric/client/connection.ts';
export {
  showFabricTransaction,
  verifyFabricLedger,
  type FabricReport,
  type ShownFabricTransaction,
} from './inspect-fabric.ts';
export { openLedger, type LedgerDeps } from './open-ledger.ts';
export type { Authority } from './identities/authority.ts';
export { openAuthority, type AuthorityOptions } from './identities/open-authority.ts';
export { createAuthority } from './identities/own-authority.ts';
export { renewIdentities, type Renewal, type Renewed } from './identities/renewal.ts';
export { openWallet, type Wallet } from './identities/wallet.ts';
export { WrongSecretError } from './identities/sealing.ts';
export type { ChainHead } from './embedded/head.ts';
export { ledgerAnchors } from './embedded/anchors.ts';
export { signerRecord, type SignerRecord } from './embedded/signer-file.ts';
export { verifyLedger, type VerifyReport } from './embedded/verify.ts';
export { showTransaction, type ShownTransaction } from './embedded/show.ts';
export { storedBytes, type StoredBytes } from './embedded/stored.ts';
