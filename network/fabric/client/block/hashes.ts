import { createHash, hash } from 'node:crypto';
import { derNumber, derOctets, derSequence } from '../der.ts';
import type { RawBlock } from './raw-block.ts';

/** The hash under which the block after knows this one: SHA-256 of its header. */
export function headerHash({ number, previousHash, dataHash }: RawBlock): Buffer {
  return hash(
    'sha256',
    derSequence(derNumber(number), derOctets(previousHash), derOctets(dataHash)),
    'buffer',
  );
}

/** The hash of a block's envelopes, which its header has. */
export function dataHashOf({ envelopes }: RawBlock): Buffer {
  const all = createHash('sha256');
  for (const envelope of envelopes) all.update(envelope);
  return all.digest();
}
