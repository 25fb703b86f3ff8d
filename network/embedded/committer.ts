import type { KeyObject } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import {
  headerHash,
  sealBlock,
  type BlockData,
  type BlockTransaction,
  type ValidationCode,
} from './block.ts';
import { countPrivateWrites, type BlockStore } from './block-store.ts';
import { toBase64url } from './encoding.ts';
import type { Endorsement } from './endorser.ts';
import { loadHead, type Head } from './head.ts';
import type { ReadWriteSet, Version } from './read-write-set.ts';
import type { StateStore } from './state-store.ts';

/** Where an endorsed transaction ended. */
export interface Committed {
  block: number;
  place: number;
  code: ValidationCode;
}

function same(a: Version, b: Version): boolean {
  return a === b || (a !== null && b !== null && a[0] === b[0] && a[1] === b[1]);
}

/**
 * Orders endorsed transactions into a block: validates them one after the other, and writes block and state in one
 * SQLite transaction, which is synced when `commit` returns.
 */
export class Committer {
  readonly #db: DatabaseSync;
  readonly #blocks: BlockStore;
  readonly #state: StateStore;
  readonly #signer: KeyObject;
  readonly #conflict: ((txId: string) => boolean) | undefined;
  #head: Head;
  #purged = true;

  /** `conflict`: see `Faults`. */
  constructor(
    db: DatabaseSync,
    stores: { blocks: BlockStore; state: StateStore },
    signer: KeyObject,
    conflict?: (txId: string) => boolean,
  ) {
    this.#db = db;
    this.#blocks = stores.blocks;
    this.#state = stores.state;
    this.#signer = signer;
    this.#conflict = conflict;
    this.#head = loadHead(this.#blocks);
    // A process that ended between a purge and this step leaves it to us.
    this.#emptyLog();
  }

  head(): Head {
    return this.#head;
  }

  /** One block of these transactions, in this order. Throws when the file can't be written; then nothing has changed. */
  commit(endorsements: readonly Endorsement[]): Committed[] {
    const block = this.#head.height;
    const seen = new Set<string>();
    let id = this.#head.nextPrivate;
    this.#write(() => {
      const transactions = endorsements.map((endorsement, place): BlockTransaction => {
        const code = this.#validate(endorsement, seen);
        seen.add(endorsement.signed.txId);
        if (code === 'VALID') id = this.#apply(endorsement, id, block, place);
        const { hashed } = endorsement.result;
        return { ...endorsement.signed, response: toBase64url(endorsement.response), set: hashed, code };
      });
      return { transactions };
    });
    this.#emptyLog();
    const { data } = this.#head;
    return data.transactions.map(({ code }, place) => ({ block, place, code }));
  }

  /** A configuration block. */
  configure(config: NonNullable<BlockData['config']>): void {
    this.#write(() => ({ config, transactions: [] }));
  }

  #write(fill: () => BlockData): void {
    const { height: number, hash: previousHash, config, nextPrivate } = this.#head;
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      const data = fill();
      const block = sealBlock(
        data,
        { number, previousHash, config: data.config ? number : config },
        this.#signer,
      );
      this.#blocks.append(block, data.transactions, nextPrivate);
      this.#db.exec('COMMIT');
      this.#head = {
        height: number + 1,
        hash: headerHash(block.header),
        config: block.header.config,
        nextPrivate: nextPrivate + countPrivateWrites(data),
        data,
      };
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  #validate({ signed, set }: Endorsement, seen: ReadonlySet<string>): ValidationCode {
    if (seen.has(signed.txId) || this.#blocks.find(signed.txId)) return 'DUPLICATE_TXID';
    if (this.#conflict?.(signed.txId)) return 'MVCC_READ_CONFLICT';
    return this.#current(set) ? 'VALID' : 'MVCC_READ_CONFLICT';
  }

  /** Whether everything that was read still has the version it was read at, absence included. */
  #current(set: ReadWriteSet): boolean {
    for (const [key, version] of set.privateReads) {
      if (!same(version, this.#state.privateVersion(key))) return false;
    }
    for (const [key, version] of set.publicReads) {
      if (!same(version, this.#state.publicVersion(key))) return false;
    }
    return true;
  }

  #apply({ set, result }: Endorsement, firstPrivate: number, block: number, place: number): number {
    for (const [key, value] of set.publicWrites) this.#state.writePublic(key, value, block, place);
    let id = firstPrivate;
    for (const [key, effect] of result.privateData) {
      this.#state.writePrivate(key, effect, id, block, place);
      if (effect.effect === 'purge') this.#purged = true;
      id += 1;
    }
    return id;
  }

  /** What was committed stands whatever comes of this; when it fails, it is done with the next block. */
  #emptyLog(): void {
    try {
      if (this.#purged) this.#purged = !this.#state.emptyLog();
    } catch {
      this.#purged = true;
    }
  }
}
