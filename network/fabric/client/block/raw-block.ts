/** A block as a peer delivers it, taken apart as far as every client library does alike. */
export interface RawBlock {
  number: number;
  previousHash: Uint8Array;
  dataHash: Uint8Array;
  /** common.Envelope, one for each transaction. */
  envelopes: readonly Uint8Array[];
  /** A TxValidationCode for each transaction; 0 is VALID. */
  codes: Uint8Array;
  /** The private data that the peer has of it: a transaction's place in the block → its write sets. */
  privateData: ReadonlyMap<number, readonly PrivateWriteSet[]>;
}

/** The private writes of one transaction in one collection. */
export interface PrivateWriteSet {
  namespace: string;
  collection: string;
  /** kvrwset.KVRWSet */
  writes: Uint8Array;
}
