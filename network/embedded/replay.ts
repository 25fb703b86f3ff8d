import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import type { PrivateRow } from './block-store.ts';
import { bytes, integer, text } from './column.ts';
import { hashText } from './hash.ts';
import { Problem } from './problem.ts';
import type { HashedWrite, Version } from './read-write-set.ts';

type Row = Record<string, SQLOutputValue> | undefined;

/**
 * State computed again from the blocks' write sets, in a temporary database of its own; what the ledger's file holds
 * besides its blocks is compared with it. Everything throws a Problem.
 */
export class Replay {
  // The empty name is a temporary file that SQLite removes itself.
  readonly #db = new DatabaseSync('');
  readonly #publicRow;
  readonly #putPublic;
  readonly #deletePublic;
  readonly #privateRow;
  readonly #putPrivate;
  readonly #forget;
  readonly #addData;
  readonly #held;
  readonly #removeData;

  constructor() {
    this.#db.exec(`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
      CREATE TABLE public (key TEXT PRIMARY KEY, block INT, tx INT, value BLOB) WITHOUT ROWID;
      CREATE TABLE private (key_hash TEXT PRIMARY KEY, block INT, tx INT, data INT, present INT) WITHOUT ROWID;
      CREATE TABLE data (id INTEGER PRIMARY KEY, key_hash TEXT, block INT, held INT);
      CREATE INDEX data_of_key ON data (key_hash);
      BEGIN`);
    this.#publicRow = this.#db.prepare('SELECT * FROM public WHERE key = ?');
    this.#putPublic = this.#db.prepare('INSERT OR REPLACE INTO public VALUES (?, ?, ?, ?)');
    this.#deletePublic = this.#db.prepare('DELETE FROM public WHERE key = ?');
    this.#privateRow = this.#db.prepare('SELECT * FROM private WHERE key_hash = ?');
    this.#putPrivate = this.#db.prepare('INSERT OR REPLACE INTO private VALUES (?, ?, ?, ?, ?)');
    this.#forget = this.#db.prepare('DELETE FROM private WHERE key_hash = ?');
    this.#addData = this.#db.prepare('INSERT INTO data VALUES (?, ?, ?, ?)');
    this.#held = this.#db.prepare('SELECT id FROM data WHERE key_hash = ? AND held = 1');
    this.#removeData = this.#db.prepare('DELETE FROM data WHERE key_hash = ?');
  }

  publicVersion(key: string): Version {
    return versionOf(this.#publicRow.get(key));
  }

  privateVersion(keyHash: string): Version {
    const row = this.#privateRow.get(keyHash);
    return row?.['present'] === 1 ? versionOf(row) : null;
  }

  writePublic(key: string, value: string | null, block: number, tx: number): void {
    if (value === null) this.#deletePublic.run(key);
    else this.#putPublic.run(key, block, tx, Buffer.from(value, 'base64url'));
  }

  /** Applies a private write, and checks what the file holds of it (`row`; `id` is its number). */
  writePrivate(write: HashedWrite, row: PrivateRow | undefined, id: number, block: number, tx: number): void {
    const before = this.#privateRow.get(write.key);
    if (write.effect === 'purge') {
      if (row || this.#held.get(write.key))
        throw new Problem(block, 'a private value that was purged is still there');
      this.#removeData.run(write.key);
      this.#forget.run(write.key);
      return;
    }
    if (row) checkRow(write, row, before ? integer(before['data']) : undefined, block);
    this.#addData.run(id, write.key, block, row ? 1 : 0);
    this.#putPrivate.run(write.key, block, tx, id, write.effect === 'put' ? 1 : 0);
  }

  /** After the last block: what is missing was purged, and the ledger's tables are what was replayed. */
  compare(ledger: DatabaseSync): void {
    const lost = this.#db.prepare('SELECT min(block) AS block FROM data WHERE held = 0').get()?.['block'];
    if (typeof lost === 'number')
      throw new Problem(lost, 'a private value is missing, and no purge says why');
    this.#comparePrivate(ledger);
    this.#comparePublic(ledger);
    const extra = integer(ledger.prepare('SELECT count(*) AS n FROM private_data').get()?.['n']);
    if (extra !== integer(this.#db.prepare('SELECT count(*) AS n FROM data').get()?.['n'])) {
      throw new Problem(this.#lastBlock(), 'there are private values that no block wrote');
    }
  }

  close(): void {
    this.#db.close();
  }

  #comparePrivate(ledger: DatabaseSync): void {
    for (const row of ledger.prepare('SELECT * FROM private_state').iterate()) {
      const keyHash = hashText(text(row['key']));
      const expected = this.#privateRow.get(keyHash);
      if (!expected || !sameColumns(expected, row, ['block', 'tx', 'data', 'present'])) {
        throw new Problem(
          integer((expected ?? row)['block']),
          'the private state is not what the blocks wrote',
        );
      }
      this.#forget.run(keyHash);
    }
    this.#noneLeft('private');
  }

  #comparePublic(ledger: DatabaseSync): void {
    for (const row of ledger.prepare('SELECT * FROM public_state').iterate()) {
      const key = text(row['key']);
      const expected = this.#publicRow.get(key);
      const same =
        expected &&
        sameColumns(expected, row, ['block', 'tx']) &&
        Buffer.compare(bytes(expected['value']), bytes(row['value'])) === 0;
      if (!same)
        throw new Problem(
          integer((expected ?? row)['block']),
          'the public state is not what the blocks wrote',
        );
      this.#deletePublic.run(key);
    }
    this.#noneLeft('public');
  }

  #noneLeft(table: 'private' | 'public'): void {
    const block = this.#db.prepare(`SELECT min(block) AS block FROM ${table}`).get()?.['block'];
    if (typeof block === 'number') throw new Problem(block, `the ${table} state lacks what the blocks wrote`);
  }

  #lastBlock(): number {
    return Number(this.#db.prepare('SELECT max(block) AS block FROM data').get()?.['block'] ?? 0);
  }
}

function versionOf(row: Row): Version {
  return row ? [integer(row['block']), integer(row['tx'])] : null;
}

function sameColumns(a: NonNullable<Row>, b: NonNullable<Row>, columns: readonly string[]): boolean {
  return columns.every((column) => a[column] === b[column]);
}

function checkRow(write: HashedWrite, row: PrivateRow, previous: number | undefined, block: number): void {
  if (hashText(row.key) !== write.key)
    throw new Problem(block, 'a private key is not the one that was written');
  if ((row.value === undefined ? undefined : hashText(row.value)) !== write.value) {
    throw new Problem(block, 'a private value is not the one that was written');
  }
  if (row.previous !== previous)
    throw new Problem(block, 'a private value is not linked to the one before it');
}
