import type { common, ledger, peer } from '@hyperledger/fabric-protos';
import type { BlockStatus } from '../fabric-client.ts';
import type { PrivateWriteSet, RawBlock } from './raw-block.ts';

/** Index of the validation codes in a block's metadata: common.BlockMetadataIndex.TRANSACTIONS_FILTER. */
export const TRANSACTIONS_FILTER = 2;

/** A common.Block, without private data. */
export function rawBlock(block: common.Block, privateData: RawBlock['privateData'] = new Map()): RawBlock {
  const header = block.getHeader();
  return {
    number: header?.getNumber() ?? 0,
    previousHash: header?.getPreviousHash_asU8() ?? new Uint8Array(0),
    dataHash: header?.getDataHash_asU8() ?? new Uint8Array(0),
    envelopes: block.getData()?.getDataList_asU8() ?? [],
    codes: block.getMetadata()?.getMetadataList_asU8()[TRANSACTIONS_FILTER] ?? new Uint8Array(0),
    privateData,
  };
}

/** A block with its private data, as its message has them. */
export function rawBlockWithPrivateData(message: peer.BlockAndPrivateData): RawBlock {
  const privateData = new Map<number, PrivateWriteSet[]>();
  message.getPrivateDataMapMap().forEach((sets: ledger.rwset.TxPvtReadWriteSet, transaction: number) => {
    privateData.set(transaction, privateWriteSets(sets));
  });
  const block = message.getBlock();
  if (!block) throw new Error('a message without a block');
  return rawBlock(block, privateData);
}

function privateWriteSets(sets: ledger.rwset.TxPvtReadWriteSet): PrivateWriteSet[] {
  return sets.getNsPvtRwsetList().flatMap((namespace) =>
    namespace.getCollectionPvtRwsetList().map((collection) => ({
      namespace: namespace.getNamespace(),
      collection: collection.getCollectionName(),
      writes: collection.getRwset_asU8(),
    })),
  );
}

export function blockStatus(block: peer.FilteredBlock): BlockStatus {
  return {
    number: block.getNumber(),
    transactions: block
      .getFilteredTransactionsList()
      .map((transaction) => ({ txId: transaction.getTxid(), code: transaction.getTxValidationCode() })),
  };
}
