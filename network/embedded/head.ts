import { headerHash, openData, type BlockData } from './block.ts';
import { countPrivateWrites, type BlockStore } from './block-store.ts';

/** The end of the chain: what the next block follows. */
export interface Head {
  /** Number of blocks. */
  height: number;
  /** Hash of the last block's header; empty without blocks. */
  hash: string;
  /** Number of the configuration block in force. */
  config: number;
  /** Number that the next private write has. */
  nextPrivate: number;
  /** Data of the last block. */
  data: BlockData;
}

/** A block, by which a chain that contains it can be told from one that was cut off before it or made anew. */
export interface ChainHead {
  number: number;
  /** Hash of its header, base64url. */
  hash: string;
}

/** The last block; undefined without blocks. */
export const chainHead = ({ height, hash }: Head): ChainHead | undefined =>
  height === 0 ? undefined : { number: height - 1, hash };

export function loadHead(blocks: BlockStore): Head {
  const height = blocks.height();
  const last = blocks.read(height - 1);
  if (!last) return { height: 0, hash: '', config: 0, nextPrivate: 1, data: { transactions: [] } };
  const data = openData(last.data);
  return {
    height,
    hash: headerHash(last.header),
    config: last.header.config,
    nextPrivate: last.firstPrivate + countPrivateWrites(data),
    data,
  };
}
