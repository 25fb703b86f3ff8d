import type { LedgerError, StoredIdentity } from '@fhir-fabric-gateway/chaincode/api';
import type { Call } from '../../submit/call.ts';
import type { RawBlock } from './block/raw-block.ts';

/** A transaction that every organisation asked has endorsed alike, signed and ready to be ordered. */
export interface EndorsedTransaction {
  readonly txId: string;
  /** What the function answered. */
  readonly response: Uint8Array;
  /**
   * Sends the envelope to the ordering service; resolves when an orderer has taken it, which does not mean that it will
   * be in a block. Always the same signed envelope: however often it is sent, it is committed once at most. Rejects
   * with an OrderingFailure.
   */
  order(): Promise<void>;
}

/** The ordering service did not say that it has taken an envelope. */
export class OrderingFailure extends Error {
  /** `never`: it cannot have been taken, by nobody. `perhaps`: an orderer may have it all the same. */
  readonly taken: 'never' | 'perhaps';
  /** The orderers refuse this very envelope: sending it again is of no use. Why, for the caller. */
  readonly refusal: LedgerError | undefined;
  constructor(taken: 'never' | 'perhaps', cause: unknown, refusal?: LedgerError) {
    super('the ordering service has not taken the transaction', { cause });
    this.name = 'OrderingFailure';
    this.taken = taken;
    this.refusal = refusal;
  }
}

/** What became of one transaction of a block. */
export interface TransactionStatus {
  txId: string;
  /** Fabric's TxValidationCode; 0 is VALID. */
  code: number;
}

/** A block without content: its transactions in order. */
export interface BlockStatus {
  number: number;
  transactions: readonly TransactionStatus[];
}

/**
 * What the ledger needs of a client library of Fabric. Whatever is about coalescing, repeating, deciding and decoding
 * stands above it, once for all libraries. Every call turns to another peer of the organisation when one is down.
 */
export interface FabricClient {
  /**
   * Has a call of the contract endorsed by a peer of each endorsing organisation. Rejects with a LedgerError (what the
   * contract says, BAD_IDENTITY, TOO_LARGE, UNAVAILABLE, INTERNAL) or a TransientFailure; nothing was ordered.
   */
  endorse(identity: StoredIdentity, call: Call): Promise<EndorsedTransaction>;

  /** Runs a function of a chaincode on an own peer and answers its response. Rejects as `endorse` does. */
  evaluate(identity: StoredIdentity, chaincode: string, call: Call): Promise<Uint8Array>;

  /**
   * Blocks with their private data from number `from` on, as an own peer delivers them, and then as they are committed.
   * Ends, or throws, when the connection does; the signal ends it quietly.
   */
  blocks(reader: StoredIdentity, from: number, signal: AbortSignal): AsyncIterable<RawBlock>;

  /** The same of blocks without content. */
  statuses(reader: StoredIdentity, from: number, signal: AbortSignal): AsyncIterable<BlockStatus>;

  close(): void;
}
