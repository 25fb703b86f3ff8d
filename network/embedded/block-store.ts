import type { DatabaseSync } from 'node:sqlite';
import { type BlockData, type BlockHeader, type BlockTransaction, type SealedBlock } from './block.ts';
import { bytes, integer, text } from './column.ts';

/** A block as it is stored, and the number of its first private write. */
export interface StoredBlock extends SealedBlock {
  firstPrivate: number;
}

/** A private write as it is stored; absent once it was purged. */
export interface PrivateRow {
  key: string;
  /** Number of the private write of this key before it. */
  previous: number | undefined;
  /** undefined: a deletion. */
  value: Uint8Array | undefined;
}

/** Reads and appends blocks and their private data. */
export class BlockStore {
  readonly #append;
  readonly #read;
  readonly #head;
  readonly #index;
  readonly #find;
  readonly #privateRows;

  constructor(db: DatabaseSync) {
    this.#append = db.prepare(
      `INSERT INTO block (number, previous_hash, data_hash, config, signature, first_private, data)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#read = db.prepare('SELECT * FROM block WHERE number = ?');
    this.#head = db.prepare('SELECT max(number) AS number FROM block');
    this.#index = db.prepare('INSERT INTO tx (tx_id, block, place) VALUES (?, ?, ?)');
    this.#find = db.prepare('SELECT block, place FROM tx WHERE tx_id = ?');
    this.#privateRows = db.prepare(
      'SELECT id, key, previous, value FROM private_data WHERE id >= ? AND id < ?',
    );
  }

  /** Number of blocks. */
  height(): number {
    const last = this.#head.get()?.['number'];
    return last === null || last === undefined ? 0 : integer(last) + 1;
  }

  read(number: number): StoredBlock | undefined {
    const row = this.#read.get(number);
    if (!row) return undefined;
    const header: BlockHeader = {
      number: integer(row['number']),
      previousHash: text(row['previous_hash']),
      dataHash: text(row['data_hash']),
      config: integer(row['config']),
    };
    return {
      header,
      data: bytes(row['data']),
      signature: bytes(row['signature']),
      firstPrivate: integer(row['first_private']),
    };
  }

  /** Inside the transaction that also changes the state. */
  append(block: SealedBlock, transactions: readonly BlockTransaction[], firstPrivate: number): void {
    const { header } = block;
    this.#append.run(
      header.number,
      header.previousHash,
      header.dataHash,
      header.config,
      block.signature,
      firstPrivate,
      block.data,
    );
    transactions.forEach(({ txId, code }, place) => {
      if (code !== 'DUPLICATE_TXID') this.#index.run(Buffer.from(txId, 'hex'), header.number, place);
    });
  }

  find(txId: string): { block: number; place: number } | undefined {
    const row = this.#find.get(Buffer.from(txId, 'hex'));
    return row && { block: integer(row['block']), place: integer(row['place']) };
  }

  /** The private writes with numbers from `from` on, `count` of them: those that are still there. */
  privateRows(from: number, count: number): Map<number, PrivateRow> {
    const found = new Map<number, PrivateRow>();
    for (const row of this.#privateRows.all(from, from + count)) {
      found.set(integer(row['id']), {
        key: text(row['key']),
        previous: row['previous'] === null ? undefined : integer(row['previous']),
        value: row['value'] === null ? undefined : bytes(row['value']),
      });
    }
    return found;
  }
}

/** How many private writes a block has: those of its valid transactions. */
export function countPrivateWrites(data: BlockData): number {
  return data.transactions.reduce(
    (count, { code, set }) => count + (code === 'VALID' ? set.privateWrites.length : 0),
    0,
  );
}
