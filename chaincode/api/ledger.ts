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
  /**
   * The key, `<kind>/<HMAC>`; undefined when only its hash is known (a purge, data that is missing, a deletion whose
   * private data is).
   */
  key?: string;
  /** SHA-256 of the key, hexadecimal. */
  keyHash: string;
  /** `missing`: a value was put, and this peer does not have it: not yet, or no more, since it was purged later. */
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
  /** One for each command; none when the transaction was none of commands. */
  outcomes: readonly OutcomeCode[];
  writes: readonly PrivateWrite[];
  /**
   * Hashes of the private keys that it read, hexadecimal. Given when some of its writes are missing: every command on a
   * record reads `record/<patient>`, so they tell whom the missing ones may be about. Absent when it can't be told.
   */
  reads?: readonly string[];
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
   *
   * Rejects with UNAVAILABLE or CONFLICT only when nothing was written and nothing of it ever will be. When it cannot
   * be learnt in time whether a transaction was committed, rejects with UNDECIDED: it may still be. Neither is ever
   * guessed, and no command is submitted anew while an earlier transaction of it may still be committed.
   */
  submit(identity: IdentityRef, commands: readonly Command[]): Promise<Receipt>;

  /** Answers a query from committed state, as the contract's query functions say. */
  evaluate(identity: IdentityRef, query: Query): Promise<unknown>;

  /** Blocks from number `from` on, in order, and then as they are committed, until the signal aborts. */
  blocks(from: number, signal: AbortSignal): AsyncIterable<LedgerBlock>;

  /**
   * A block that is there, read anew: private data that was missing when the block came is in it if it has come since.
   * Rejects with NOT_FOUND when the ledger has no block of this number yet.
   */
  block(number: number): Promise<LedgerBlock>;

  /** Number of blocks, asked of the ledger itself: the next block has this number. */
  height(): Promise<number>;

  /**
   * Number of blocks that the ordering service has: the own peer may have fewer, if blocks do not reach it. Rejects with
   * UNAVAILABLE when no orderer that can order answers.
   */
  newest(): Promise<number>;

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
