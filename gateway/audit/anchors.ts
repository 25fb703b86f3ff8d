import type { DatabaseSync } from 'node:sqlite';
import { merkle, type MerkleStep } from './merkle.ts';

/** A stretch of the log, both ends included, and the Merkle root over its rows' hashes (which are salted). */
export interface AuditAnchor {
  /** From 1, without gaps: the number of the ledger's `anchor` asset. */
  number: number;
  /** Hexadecimal. */
  root: string;
  from: number;
  to: number;
}

/** Longest stretch of one anchor: appending waits while its tree is built (some 20 ms). More rows take more anchors. */
export const MAX_STRETCH = 4096;

/** Hashes of the rows `from` to `to`; shorter when rows are missing. */
export function hashesOf(db: DatabaseSync, from: number, to: number): Uint8Array[] {
  const rows = db.prepare('SELECT hash FROM event WHERE seq BETWEEN ? AND ? ORDER BY seq').all(from, to);
  return rows.map((row) => row['hash'] as Uint8Array);
}

const COLUMNS = 'number, root, first AS "from", last AS "to"';

/** All anchors made, oldest first. */
export function anchorsOf(db: DatabaseSync): AuditAnchor[] {
  return db.prepare(`SELECT ${COLUMNS} FROM anchor ORDER BY number`).all() as unknown as AuditAnchor[];
}

/** The anchor whose stretch holds a row. */
export function anchorOver(db: DatabaseSync, seq: number): AuditAnchor | undefined {
  const found = db
    .prepare(`SELECT ${COLUMNS} FROM anchor WHERE first <= ? ORDER BY number DESC LIMIT 1`)
    .get(seq);
  const anchor = found as unknown as AuditAnchor | undefined;
  return anchor !== undefined && seq <= anchor.to ? anchor : undefined;
}

/**
 * The anchor to be written to the ledger next: one that was made and never confirmed, so that a process that ended in
 * between leaves no gap; else one over the rows that have none yet, if there are at least `atLeast` of them.
 */
export function nextAnchor(
  db: DatabaseSync,
  rows: number,
  atLeast: number,
  now: number,
): AuditAnchor | undefined {
  const open = db.prepare(`SELECT ${COLUMNS} FROM anchor WHERE tx IS NULL ORDER BY number LIMIT 1`).get();
  if (open !== undefined) return open as unknown as AuditAnchor;
  const last = db.prepare(`SELECT ${COLUMNS} FROM anchor ORDER BY number DESC LIMIT 1`).get() as
    AuditAnchor | undefined;
  const from = (last?.to ?? 0) + 1;
  if (rows - from + 1 < Math.max(1, atLeast)) return undefined;
  const to = Math.min(rows, from + MAX_STRETCH - 1);
  const anchor = { number: (last?.number ?? 0) + 1, root: merkle(hashesOf(db, from, to)).root, from, to };
  db.prepare('INSERT INTO anchor (number, first, last, root, at) VALUES (?, ?, ?, ?, ?)').run(
    anchor.number,
    from,
    to,
    anchor.root,
    now,
  );
  return anchor;
}

/** Remembers the transaction in which an anchor was written to the ledger. */
export function confirmAnchor(db: DatabaseSync, number: number, txId: string): void {
  const done = db.prepare('UPDATE anchor SET tx = ? WHERE number = ?').run(txId, number);
  if (done.changes === 0) throw new RangeError(`No anchor ${number} was made`);
}

/** The way from a row to its anchor's root. */
export function pathTo(db: DatabaseSync, anchor: AuditAnchor, seq: number): MerkleStep[] {
  return merkle(hashesOf(db, anchor.from, anchor.to), seq - anchor.from).path;
}
