import type { Command, Query } from './commands.ts';
import type { OutcomeCode } from './errors.ts';
import type { IdentityRef } from './roles.ts';

/** Where a command stands on the ledger. Ordering is by block, then transaction, then command. */
export interface Receipt {
  txId: string;
  block: number;
  /** The transaction's place in its block. */
  transaction: number;
  /** The command's place in its transaction, which the ledger may have shared with other commands of the identity. */
  command: number;
}

/** A private write of a committed transaction, as an organisation's own peer delivers it. */
export interface PrivateWrite {
  /** The key, `<kind>/<HMAC>`; undefined when only its hash is known (a purge, or data that is missing). */
  key?: string;
  /** SHA-256 of the key, hexadecimal. */
  keyHash: string;
  effect: 'put' | 'delete' | 'purge' | 'missing';
  /** For `put`: see values.ts. */
  value?: Uint8Array;
}

export interface LedgerTransaction {
  txId: string;
  index: number;
  /** Milliseconds since 1970: the client's claim. */
  time: number;
  creator: { mspId: string; certificate: string };
  /** False when it was invalidated at commit (an MVCC conflict, say); its writes are then empty. */
  valid: boolean;
  /** One for each command. */
  outcomes: readonly OutcomeCode[];
  writes: readonly PrivateWrite[];
}

export interface LedgerBlock {
  number: number;
  transactions: readonly LedgerTransaction[];
}

/**
 * The ledger, whichever engine stands behind it. Rejections are `LedgerError`s.
 */
export interface Ledger {
  /**
   * Runs commands in the identity's name. One command may share its transaction with other lone commands of the same
   * identity, and has an outcome of its own; several are one atomic transaction: all or none (`index` of the error is
   * the first command that failed). Resolves once the block is durable.
   */
  submit(identity: IdentityRef, commands: readonly Command[]): Promise<Receipt>;

  /** Answers a query from committed state, as the contract's query functions say. */
  evaluate(identity: IdentityRef, query: Query): Promise<unknown>;

  /** Blocks from number `from` on, in order, and then as they are committed, until the signal aborts. */
  blocks(from: number, signal: AbortSignal): AsyncIterable<LedgerBlock>;

  /** Number of blocks: the next block has this number. */
  height(): Promise<number>;

  close(): Promise<void>;
}

/** Where an engine finds the certificate and key of an identity that submits. */
export interface IdentityStore {
  get(ref: IdentityRef): Promise<StoredIdentity | undefined>;
}

export interface StoredIdentity extends IdentityRef {
  /** PEM. */
  certificate: string;
  /** PKCS #8, PEM; P-256. */
  privateKey: string;
}
