import { readFileSync } from 'node:fs';
import { WireReader } from './wire.ts';

/** A block as a peer or an orderer keeps it. */
export interface Block {
  number: number;
  dataHash: Buffer;
  previousHash: Buffer;
  /** common.Envelope each. */
  envelopes: readonly Buffer[];
  /** By common.BlockMetadataIndex. */
  metadata: readonly Buffer[];
}

/**
 * The blocks in a file `blockfile_000000` of Fabric's block storage, all of its bytes. Throws a RangeError when something
 * else is in it.
 */
export function blocksIn(file: string): Block[] {
  const reader = new WireReader(readFileSync(file));
  const blocks: Block[] = [];
  while (!reader.done) blocks.push(blockOf(new WireReader(reader.bytes())));
  return blocks;
}

function blockOf(reader: WireReader): Block {
  const several = () => Array.from({ length: reader.number() }, () => reader.bytes());
  const block = {
    number: reader.number(),
    dataHash: reader.bytes(),
    previousHash: reader.bytes(),
    envelopes: several(),
    metadata: several(),
  };
  if (!reader.done) throw new RangeError(`block ${block.number} has something behind its end`);
  return block;
}
