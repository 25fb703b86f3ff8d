import type { IdentityRef, Ledger, LedgerBlock, Role } from '@fhir-fabric-gateway/chaincode/api';

/** One organisation's view of a ledger. */
export interface Seat {
  readonly mspId: string;
  /** Another object after `reopen`. */
  readonly ledger: Ledger;
  /** A new identity of the organisation, in its wallet. */
  enroll(role: Role): Promise<IdentityRef>;
}

/** A ledger of two organisations that nobody has founded yet, and what a test can do to it. */
export interface Engine {
  readonly hospital: Seat;
  readonly lab: Seat;
  /** Closes the ledgers and opens them again. */
  reopen(): Promise<void>;
  /** Keeps the hospital's ledger from writing; resolves with what lets it again. */
  away(): Promise<() => Promise<void>>;
  /** An identity in the hospital's wallet whose certificate another CA issued. */
  stranger(): Promise<IdentityRef>;
  /** What the blocks hold besides private data: all that outsiders to the collection ever get. */
  publicBytes(): Promise<Buffer>;
  close(): Promise<void>;
}

export type OpenEngine = () => Promise<Engine>;

/** Blocks from number `from` on, as many as there are. */
export async function readBlocks(ledger: Ledger, from = 0): Promise<LedgerBlock[]> {
  const stop = new AbortController();
  const found: LedgerBlock[] = [];
  const height = await ledger.height();
  if (from >= height) return found;
  for await (const block of ledger.blocks(from, stop.signal)) {
    found.push(block);
    if (block.number === height - 1) stop.abort();
  }
  return found;
}
