import { decodeTransaction } from './block/transaction.ts';
import type { RawBlock } from './block/raw-block.ts';
import type { Committed } from './commit-watch.ts';

/** Where a transaction is in a block that has it: the first of that id, which counts. Throws when the block has none. */
export function committedPlace({ number, envelopes, codes }: RawBlock, txId: string): Committed {
  const transaction = envelopes.findIndex((envelope) => idOf(envelope) === txId);
  const code = codes[transaction];
  if (code === undefined) throw new Error(`block ${number} does not have ${txId}`);
  return { block: number, transaction, code };
}

function idOf(envelope: Uint8Array): string | undefined {
  try {
    return decodeTransaction(envelope)?.txId;
  } catch {
    return undefined;
  }
}
