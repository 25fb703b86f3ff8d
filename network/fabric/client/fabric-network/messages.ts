import fabricProtos from 'fabric-protos';
import type { PrivateWriteSet, RawBlock } from '../block/raw-block.ts';
import { TRANSACTIONS_FILTER } from '../block/message.ts';
import type { BlockStatus } from '../fabric-client.ts';

/** A message of protos.Deliver as the library's own gRPC stub decodes it. */
export interface DeliverResponse {
  Type: 'status' | 'block' | 'filtered_block' | 'block_and_private_data';
  filtered_block?: FilteredBlockMessage;
  block_and_private_data?: {
    block: BlockMessage;
    /** By transaction; the numbers are written as protobuf.js writes 64 bits in a member's name. */
    private_data_map: Readonly<Record<string, PrivateDataMessage>>;
  };
}

interface BlockMessage {
  header: { number: { toString(): string }; previous_hash: Uint8Array; data_hash: Uint8Array };
  data: { data: Uint8Array[] };
  metadata: { metadata: Uint8Array[] };
}

interface PrivateDataMessage {
  ns_pvt_rwset: {
    namespace: string;
    collection_pvt_rwset: { collection_name: string; rwset: Uint8Array }[];
  }[];
}

interface FilteredBlockMessage {
  number: { toString(): string };
  filtered_transactions: { txid: string; tx_validation_code: string | number }[];
}

const { uint64ToNumber, protos } = fabricProtos as unknown as {
  uint64ToNumber: (key: string) => number;
  protos: { TxValidationCode: Readonly<Record<string, number>> };
};

/** A block with its private data; throws an Error when the message has none. */
export function rawBlockOf({ block_and_private_data: message }: DeliverResponse): RawBlock {
  if (!message) throw new Error('a message without a block');
  const { header, data, metadata } = message.block;
  return {
    number: Number(header.number.toString()),
    previousHash: header.previous_hash,
    dataHash: header.data_hash,
    envelopes: data.data,
    codes: metadata.metadata[TRANSACTIONS_FILTER] ?? new Uint8Array(0),
    privateData: new Map(
      Object.entries(message.private_data_map).map(([key, sets]) => [uint64ToNumber(key), writeSets(sets)]),
    ),
  };
}

function writeSets({ ns_pvt_rwset: namespaces }: PrivateDataMessage): PrivateWriteSet[] {
  return namespaces.flatMap(({ namespace, collection_pvt_rwset: collections }) =>
    collections.map(({ collection_name: collection, rwset }) => ({ namespace, collection, writes: rwset })),
  );
}

/** A block without content; throws an Error when the message has none. */
export function blockStatusOf({ filtered_block: block }: DeliverResponse): BlockStatus {
  if (!block) throw new Error('a message without a block');
  return {
    number: Number(block.number.toString()),
    transactions: block.filtered_transactions.map(({ txid, tx_validation_code: code }) => ({
      txId: txid,
      code: typeof code === 'number' ? code : (protos.TxValidationCode[code] ?? NOT_VALIDATED),
    })),
  };
}

const NOT_VALIDATED = 254;
