import { openData, type BlockTransaction } from './block.ts';
import { BlockStore } from './block-store.ts';
import { openForReading } from './schema.ts';

/** A transaction as its block has it: signed proposal, response, read-write set (hashes for private data), code. */
export interface ShownTransaction {
  block: number;
  /** Its place in the block. */
  index: number;
  transaction: BlockTransaction;
}

/** A transaction of an embedded ledger, undefined when it has none with this id. Throws when the file is no ledger. */
export function showTransaction(file: string, txId: string): ShownTransaction | undefined {
  const db = openForReading(file);
  try {
    const blocks = new BlockStore(db);
    const found = blocks.find(txId);
    const block = found && blocks.read(found.block);
    const transaction = block && openData(block.data).transactions[found.place];
    return transaction && { block: found.block, index: found.place, transaction };
  } finally {
    db.close();
  }
}
