import type { Contract } from 'fabric-contract-api';
import type { IdentityRef } from '@fhir-fabric-gateway/chaincode/api';
import type { Limits } from './embedded/limits.ts';
import type { Adapter } from './fabric/client/connection.ts';
import type { SubmitLimits } from './fabric/client/submitter.ts';
import type { Timing } from './fabric/client/timing.ts';

/** A contract class, as fabric-shim takes it. */
export type ContractClass = new () => Contract;

/** An organisation whose people and systems may submit. */
export interface OrganisationConfig {
  mspId: string;
  /** The root certificate of its CA, PEM. */
  caCertificate: string;
}

/**
 * The key that signs blocks: given, or kept in a file of its own, encrypted under `secret`, and created with the ledger.
 * The file has in clear the public key and a block that the chain contains (see `signerRecord`), and is written again as
 * the chain grows; with a key that is given, whoever gives it keeps those.
 */
export type SignerConfig = { privateKey: string } | { file: string; secret: string };

/** Causes of failure that a test may bring about. Each is asked at the moment named, and answers whether to fail. */
export interface Faults {
  /** Once per transaction, at commit: an MVCC conflict. */
  conflict?: (txId: string) => boolean;
  /** Once per endorsement: the organisations' results differ. */
  mismatch?: () => boolean;
  /** When a private value is read, by the contract or for delivery: it has not arrived yet. */
  missing?: (key: string) => boolean;
}

export interface TestingConfig {
  /** Runs every invocation twice; results that differ fail it. */
  checkDeterminism?: boolean;
  faults?: Faults;
  limits?: Partial<Limits>;
}

/** A ledger in this process. */
export interface EmbeddedConfig {
  engine: 'embedded';
  /** The SQLite file. */
  file: string;
  /** The members. A list that differs from the ledger's is recorded in a configuration block. */
  organisations: readonly OrganisationConfig[];
  signer: SignerConfig;
  testing?: TestingConfig;
}

/** A ledger on a network of Hyperledger Fabric 2.5 or later. */
export interface FabricConfig {
  engine: 'fabric';
  /** The connection file of the organisation; see `readConnection`. */
  connection: string;
  /** The client library; what the connection file says, or `fabric-gateway`, by default. */
  adapter?: Adapter;
  /**
   * In whose name the peers are asked for blocks: one of the organisation's own, of any role, whom the contract need
   * not know. It is looked up whenever a connection is made.
   */
  reader: IdentityRef;
  testing?: { timing?: Partial<Timing>; limits?: Partial<SubmitLimits> };
}

/** Which ledger to open. Further engines are further members of this union. */
export type LedgerConfig = EmbeddedConfig | FabricConfig;
