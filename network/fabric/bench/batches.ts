import type { Ledger } from '@fhir-fabric-gateway/chaincode/api';

/** What a stretch of blocks holds of the contract's transactions. */
export interface Batches {
  /** Number of blocks of the ledger now: where the next stretch begins. */
  height: number;
  blocks: number;
  transactions: number;
  /** Of them, those that were invalidated at commit. */
  invalid: number;
  /** Of the valid ones; a transaction that answered no outcomes has none. */
  commands: number;
  mostCommands: number;
}

/** Reads the blocks from a number on, as many as there are. */
export async function batches(ledger: Ledger, from: number): Promise<Batches> {
  const height = await ledger.height();
  const found = { height, blocks: 0, transactions: 0, invalid: 0, commands: 0, mostCommands: 0 };
  if (from >= height) return found;
  const done = new AbortController();
  for await (const { number, transactions } of ledger.blocks(from, done.signal)) {
    found.blocks += 1;
    found.transactions += transactions.length;
    for (const { valid, outcomes } of transactions) {
      if (!valid) found.invalid += 1;
      else {
        found.commands += outcomes.length;
        found.mostCommands = Math.max(found.mostCommands, outcomes.length);
      }
    }
    if (number >= height - 1) done.abort();
  }
  return found;
}
