import type { DatabaseSync } from 'node:sqlite';
import { bytes, integer, text } from './column.ts';
import type { PrivateEffect, Version } from './read-write-set.ts';
import type { Versioned } from './simulation.ts';

/** The current state, public and private. Changed only inside the transaction that appends the block. */
export class StateStore {
  readonly #db;
  readonly #getPublic;
  readonly #putPublic;
  readonly #deletePublic;
  readonly #getPrivate;
  readonly #range;
  readonly #rangeToEnd;
  readonly #row;
  readonly #putPrivate;
  readonly #forget;
  readonly #addData;
  readonly #previousData;
  readonly #removeData;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#getPublic = db.prepare('SELECT block, tx, value FROM public_state WHERE key = ?');
    this.#putPublic = db.prepare(
      'INSERT OR REPLACE INTO public_state (key, block, tx, value) VALUES (?, ?, ?, ?)',
    );
    this.#deletePublic = db.prepare('DELETE FROM public_state WHERE key = ?');
    const current = `SELECT s.key, s.block, s.tx, d.value FROM private_state s JOIN private_data d ON d.id = s.data
      WHERE s.present = 1 AND`;
    this.#getPrivate = db.prepare(`${current} s.key = ?`);
    this.#range = db.prepare(`${current} s.key >= ? AND s.key < ? ORDER BY s.key`);
    this.#rangeToEnd = db.prepare(`${current} s.key >= ? ORDER BY s.key`);
    this.#row = db.prepare('SELECT block, tx, data, present FROM private_state WHERE key = ?');
    this.#putPrivate = db.prepare(
      'INSERT OR REPLACE INTO private_state (key, block, tx, data, present) VALUES (?, ?, ?, ?, ?)',
    );
    this.#forget = db.prepare('DELETE FROM private_state WHERE key = ?');
    this.#addData = db.prepare('INSERT INTO private_data (id, key, previous, value) VALUES (?, ?, ?, ?)');
    this.#previousData = db.prepare('SELECT previous FROM private_data WHERE id = ?');
    this.#removeData = db.prepare('DELETE FROM private_data WHERE id = ?');
  }

  getPublic(key: string): Versioned | undefined {
    const row = this.#getPublic.get(key);
    return row && { value: bytes(row['value']), version: [integer(row['block']), integer(row['tx'])] };
  }

  getPrivate(key: string): Versioned | undefined {
    const row = this.#getPrivate.get(key);
    return row && { value: bytes(row['value']), version: [integer(row['block']), integer(row['tx'])] };
  }

  /** See CommittedState. SQLite's own order of text is that of its UTF-8 bytes. */
  privateRange(start: string, end: string): (Versioned & { key: string })[] {
    const rows = end === '' ? this.#rangeToEnd.all(start) : this.#range.all(start, end);
    return rows.map((row) => ({
      key: text(row['key']),
      value: bytes(row['value']),
      version: [integer(row['block']), integer(row['tx'])],
    }));
  }

  publicVersion(key: string): Version {
    return this.getPublic(key)?.version ?? null;
  }

  privateVersion(key: string): Version {
    const row = this.#row.get(key);
    return row && row['present'] === 1 ? [integer(row['block']), integer(row['tx'])] : null;
  }

  writePublic(key: string, value: Uint8Array | undefined, block: number, tx: number): void {
    if (value) this.#putPublic.run(key, block, tx, value);
    else this.#deletePublic.run(key);
  }

  /** Applies a private write; `id` is its number on this ledger. */
  writePrivate(key: string, effect: PrivateEffect, id: number, block: number, tx: number): void {
    const row = this.#row.get(key);
    if (effect.effect === 'purge') {
      if (row) this.#purge(key, integer(row['data']));
      return;
    }
    this.#addData.run(
      id,
      key,
      row ? integer(row['data']) : null,
      effect.effect === 'put' ? effect.value : null,
    );
    this.#putPrivate.run(key, block, tx, id, effect.effect === 'put' ? 1 : 0);
  }

  /** Empties the write-ahead log, which may still hold what was purged. False when a reader stands in the way. */
  emptyLog(): boolean {
    return this.#db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.['busy'] === 0;
  }

  #purge(key: string, newest: number): void {
    let id: number | null = newest;
    while (id !== null) {
      const previous: unknown = this.#previousData.get(id)?.['previous'];
      this.#removeData.run(id);
      id = typeof previous === 'number' ? previous : null;
    }
    this.#forget.run(key);
  }
}
