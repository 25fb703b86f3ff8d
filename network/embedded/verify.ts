import { createPublicKey, type KeyObject } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { headerHash, openData, verifyHeader, type BlockData, type BlockTransaction } from './block.ts';
import { BlockStore, countPrivateWrites, type PrivateRow, type StoredBlock } from './block-store.ts';
import { integer } from './column.ts';
import { toBase64url } from './encoding.ts';
import { sha256 } from './hash.ts';
import type { ChainHead } from './head.ts';
import { Membership } from './membership.ts';
import { Problem } from './problem.ts';
import { verifyProposal } from './proposal.ts';
import type { Version } from './read-write-set.ts';
import { Replay } from './replay.ts';
import { openForReading } from './schema.ts';

export interface VerifyReport {
  /** Number of blocks that hold, from block 0 on (all, when there is no problem). */
  blocks: number;
  transactions: number;
  /** The last block that holds: what an auditor keeps, to be told later of a chain that no longer contains it. */
  head?: ChainHead;
  /** The first thing that doesn't hold. */
  problem?: { block: number; what: string };
}

/**
 * Walks the whole chain of an embedded ledger: hashes and signatures of blocks, certificates and signatures of
 * transactions, what they read and wrote, private values against their hashes, and the current state against the
 * replay of all writes. May run while a process writes the ledger.
 *
 * `signer`: the public key (SPKI, PEM) that must have signed; without it block 0 is believed about its own signer.
 * `heads`: blocks that the chain must contain; without one, last blocks that were taken off together with all they wrote
 * are not missed. Both are to come from outside the file: from the signer's file (`signerRecord`), or from what an
 * auditor wrote down. Throws when the file can't be opened or is no ledger; a TypeError when `signer` is no public key.
 */
export function verifyLedger(
  file: string,
  options: { signer?: string; heads?: readonly ChainHead[] } = {},
): VerifyReport {
  const pinned = options.signer === undefined ? undefined : publicKeyOf(options.signer);
  const db = openForReading(file);
  const replay = new Replay();
  const walk = new Walk(db, replay, pinned, options.heads ?? []);
  try {
    db.exec('BEGIN');
    while (walk.next());
    walk.compare();
    return { blocks: walk.blocks, transactions: walk.transactions, ...walk.head() };
  } catch (error) {
    // SQLite and the parsers throw errors of their own when what they read was changed.
    const problem = error instanceof Problem ? error : new Problem(walk.blocks, String(error));
    return {
      blocks: Math.min(walk.blocks, problem.block),
      transactions: walk.transactions,
      problem: { block: problem.block, what: problem.message },
    };
  } finally {
    replay.close();
    db.close();
  }
}

function publicKeyOf(pem: string): KeyObject {
  try {
    return createPublicKey(pem);
  } catch (cause) {
    throw new TypeError('the signer is no public key', { cause });
  }
}

class Walk {
  /** Blocks that hold so far. */
  blocks = 0;
  transactions = 0;
  readonly #db: DatabaseSync;
  readonly #store: BlockStore;
  readonly #replay: Replay;
  readonly #pinned: KeyObject | undefined;
  readonly #heads: readonly ChainHead[];
  #previousHash = '';
  #nextPrivate = 1;
  #indexed = 0;
  #config: { number: number; signer: string; membership: Membership } | undefined;

  constructor(db: DatabaseSync, replay: Replay, pinned: KeyObject | undefined, heads: readonly ChainHead[]) {
    this.#db = db;
    this.#store = new BlockStore(db);
    this.#replay = replay;
    this.#pinned = pinned;
    this.#heads = heads;
  }

  head(): { head?: ChainHead } {
    return this.blocks === 0 ? {} : { head: { number: this.blocks - 1, hash: this.#previousHash } };
  }

  /** Checks the next block; false when there is none. */
  next(): boolean {
    const number = this.blocks;
    const block = this.#store.read(number);
    if (!block) {
      if (this.#store.height() > number) throw new Problem(number, 'the block is missing');
      return false;
    }
    const data = this.#checkBlock(block);
    const rows = this.#store.privateRows(block.firstPrivate, countPrivateWrites(data));
    data.transactions.forEach((transaction, place) =>
      this.#checkTransaction(transaction, rows, number, place),
    );
    this.blocks += 1;
    this.transactions += data.transactions.length;
    return true;
  }

  /** After the last block: everything in the file that is no block. */
  compare(): void {
    if (this.blocks === 0) throw new Problem(0, 'there is no block');
    const recorded = Math.max(...this.#heads.map(({ number }) => number));
    if (recorded >= this.blocks)
      throw new Problem(this.blocks, `the chain ends before block ${recorded}, which was recorded`);
    this.#replay.compare(this.#db);
    const last = this.blocks - 1;
    if (integer(this.#db.prepare('SELECT count(*) AS n FROM tx').get()?.['n']) !== this.#indexed) {
      throw new Problem(last, 'the index has transactions that no block has');
    }
    const check = this.#db.prepare('PRAGMA integrity_check(1)').get()?.['integrity_check'];
    if (check !== 'ok') throw new Problem(last, `the file is damaged: ${String(check)}`);
  }

  #checkBlock({ header, data: bytes, signature, firstPrivate }: StoredBlock): BlockData {
    const { number } = header;
    if (header.previousHash !== this.#previousHash)
      throw new Problem(number, 'the chain is broken before this block');
    if (toBase64url(sha256(bytes)) !== header.dataHash)
      throw new Problem(number, 'the data is not what was hashed');
    const data = openData(bytes);
    const signer = this.#config?.signer ?? data.config?.signer;
    if (signer === undefined) throw new Problem(number, 'the first block has no configuration');
    const key = this.#config || !this.#pinned ? createPublicKey(signer) : this.#pinned;
    if (!verifyHeader(header, signature, key)) throw new Problem(number, 'the signature is wrong');
    if (firstPrivate !== this.#nextPrivate)
      throw new Problem(number, 'its private values are not where they belong');
    if (data.config) {
      this.#config = {
        number,
        signer: data.config.signer,
        membership: new Membership(data.config.organisations),
      };
    }
    if (header.config !== this.#config?.number) throw new Problem(number, 'the configuration is another one');
    this.#previousHash = headerHash(header);
    if (this.#heads.some((head) => head.number === number && head.hash !== this.#previousHash))
      throw new Problem(number, 'it is another block than the one that was recorded');
    return data;
  }

  #checkTransaction(
    transaction: BlockTransaction,
    rows: ReadonlyMap<number, PrivateRow>,
    block: number,
    place: number,
  ): void {
    const { txId, set, code } = transaction;
    this.#checkCreator(transaction, block);
    const indexed = this.#store.find(txId);
    if (code === 'DUPLICATE_TXID') {
      if (!indexed) throw new Problem(block, `transaction ${txId} is no duplicate`);
      return;
    }
    if (indexed?.block !== block || indexed.place !== place) {
      throw new Problem(block, `the index does not have transaction ${txId} where it is`);
    }
    this.#indexed += 1;
    if (code !== 'VALID') return;

    const stale =
      set.privateReads.some(([key, version]) => !same(version, this.#replay.privateVersion(key))) ||
      set.publicReads.some(([key, version]) => !same(version, this.#replay.publicVersion(key)));
    if (stale) throw new Problem(block, `transaction ${txId} read what was no longer current`);
    for (const [key, value] of set.publicWrites) this.#replay.writePublic(key, value, block, place);
    for (const write of set.privateWrites) {
      this.#replay.writePrivate(write, rows.get(this.#nextPrivate), this.#nextPrivate, block, place);
      this.#nextPrivate += 1;
    }
  }

  #checkCreator(transaction: BlockTransaction, block: number): void {
    const { mspId, certificate, time } = transaction.proposal;
    let holds: boolean;
    try {
      const publicKey = this.#config?.membership.publicKey(mspId, certificate, time);
      holds = publicKey !== undefined && verifyProposal(transaction, publicKey);
    } catch (error) {
      throw new Problem(block, `the creator of transaction ${transaction.txId}: ${String(error)}`);
    }
    if (!holds) throw new Problem(block, `the signature of transaction ${transaction.txId} is wrong`);
  }
}

function same(a: Version, b: Version): boolean {
  return a === b || (a !== null && b !== null && a[0] === b[0] && a[1] === b[1]);
}
