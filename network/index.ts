export type {
  ContractClass,
  EmbeddedConfig,
  Faults,
  LedgerConfig,
  OrganisationConfig,
  SignerConfig,
  TestingConfig,
} from './config.ts';
export { openLedger, type LedgerDeps } from './open-ledger.ts';
export { createAuthority, type Authority } from './identities/authority.ts';
export { openWallet, type Wallet } from './identities/wallet.ts';
export { WrongSecretError } from './identities/sealing.ts';
export type { ChainHead } from './embedded/head.ts';
export { ledgerAnchors } from './embedded/anchors.ts';
export { signerRecord, type SignerRecord } from './embedded/signer-file.ts';
export { verifyLedger, type VerifyReport } from './embedded/verify.ts';
export { showTransaction, type ShownTransaction } from './embedded/show.ts';
