import { common, ledger, msp, peer } from '@hyperledger/fabric-protos';

/** A transaction of a chaincode, as its envelope has it. */
export interface ChaincodeTransaction {
  txId: string;
  /** Milliseconds since 1970: the client's claim. */
  time: number;
  creator: { mspId: string; certificate: string };
  chaincode: string;
  /** What the function answered. */
  response: Uint8Array;
  /** rwset.TxReadWriteSet: keys and hashes, no private data. */
  results: Uint8Array;
}

/**
 * The chaincode transaction in an envelope; undefined when it is another one (a configuration). Throws an Error when it
 * can't be read: whoever may write to the channel can have any bytes ordered, which the peers then mark as invalid.
 */
export function decodeTransaction(envelope: Uint8Array): ChaincodeTransaction | undefined {
  const payload = common.Payload.deserializeBinary(
    common.Envelope.deserializeBinary(envelope).getPayload_asU8(),
  );
  const header = common.ChannelHeader.deserializeBinary(payload.getHeader()?.getChannelHeader_asU8() ?? NONE);
  if (header.getType() !== common.HeaderType.ENDORSER_TRANSACTION) return undefined;
  const { mspId, certificate } = creatorOf(payload.getHeader()?.getSignatureHeader_asU8() ?? NONE);
  const [action] = peer.Transaction.deserializeBinary(payload.getData_asU8()).getActionsList();
  const endorsed = peer.ChaincodeActionPayload.deserializeBinary(action?.getPayload_asU8() ?? NONE);
  const answered = peer.ProposalResponsePayload.deserializeBinary(
    endorsed.getAction()?.getProposalResponsePayload_asU8() ?? NONE,
  );
  const done = peer.ChaincodeAction.deserializeBinary(answered.getExtension_asU8());
  return {
    txId: header.getTxId(),
    time: millisecondsOf(header),
    creator: { mspId, certificate },
    chaincode: done.getChaincodeId()?.getName() ?? '',
    response: done.getResponse()?.getPayload_asU8() ?? NONE,
    results: done.getResults_asU8(),
  };
}

const NONE = new Uint8Array(0);

function creatorOf(signatureHeader: Uint8Array): ChaincodeTransaction['creator'] {
  const header = common.SignatureHeader.deserializeBinary(signatureHeader);
  const creator = msp.SerializedIdentity.deserializeBinary(header.getCreator_asU8());
  return { mspId: creator.getMspid(), certificate: Buffer.from(creator.getIdBytes_asU8()).toString('utf8') };
}

function millisecondsOf(header: common.ChannelHeader): number {
  const timestamp = header.getTimestamp();
  return (timestamp?.getSeconds() ?? 0) * 1000 + Math.floor((timestamp?.getNanos() ?? 0) / 1_000_000);
}

/** What a transaction wrote in one namespace. */
export interface NamespaceWrites {
  /** Public state; undefined deletes. */
  public: readonly { key: string; value: Uint8Array | undefined }[];
  /** Collection → its hashed writes. */
  hashed: ReadonlyMap<string, readonly HashedWrite[]>;
}

export interface HashedWrite {
  /** SHA-256, hexadecimal. */
  keyHash: string;
  /** SHA-256 of the value, for a put. */
  valueHash: Uint8Array;
  effect: 'put' | 'delete' | 'purge';
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** The writes in `results`; throws an Error when they can't be read. */
export function decodeWrites(results: Uint8Array, namespace: string): NamespaceWrites {
  const { rwset } = ledger;
  const found = rwset.TxReadWriteSet.deserializeBinary(results)
    .getNsRwsetList()
    .find((each) => each.getNamespace() === namespace);
  const writes = rwset.kvrwset.KVRWSet.deserializeBinary(found?.getRwset_asU8() ?? NONE).getWritesList();
  return {
    public: writes.map((write) => ({
      key: write.getKey(),
      value: write.getIsDelete() ? undefined : write.getValue_asU8(),
    })),
    hashed: new Map(
      (found?.getCollectionHashedRwsetList() ?? []).map((collection) => [
        collection.getCollectionName(),
        hashedWrites(collection.getHashedRwset_asU8()),
      ]),
    ),
  };
}

function hashedWrites(bytes: Uint8Array): HashedWrite[] {
  return ledger.rwset.kvrwset.HashedRWSet.deserializeBinary(bytes)
    .getHashedWritesList()
    .map((write) => ({
      keyHash: hex(write.getKeyHash_asU8()),
      valueHash: write.getValueHash_asU8(),
      // A purge says that it is a deletion as well.
      effect: write.getIsPurge() ? 'purge' : write.getIsDelete() ? 'delete' : 'put',
    }));
}
