import { setImmediate } from 'node:timers/promises';
import type { Database, Reading, Row } from '../database/port.ts';
import { bytes, number, text } from '../database/rows.ts';
import { PLACES, placeOf, rowNumber } from './chain.ts';
import { merkle, MerkleRoot, type MerkleStep } from './merkle.ts';
import { headsOf, type AuditWords } from './schema.ts';

/** A stretch of a chain, both ends included, and the Merkle root over its rows' hashes (which are salted). */
export interface AuditAnchor {
  /** From 1, without gaps over all chains: the number of the ledger's `anchor` asset. */
  number: number;
  /** Hexadecimal. */
  root: string;
  from: number;
  to: number;
}

/** Longest stretch of one anchor. More rows take more anchors. */
export const MAX_STRETCH = 4096;

/** Rows that a tree takes in at once: so long, less than a millisecond, appending waits. */
const STEP = 128;

/** Hashes of the rows `from` to `to`; shorter when rows are missing. */
export async function hashesOf(db: Reading, from: number, to: number): Promise<Uint8Array[]> {
  const rows = await db.all('SELECT hash FROM event WHERE seq BETWEEN ? AND ? ORDER BY seq', [from, to]);
  return rows.map((row) => bytes(row, 'hash'));
}

/** The root over the rows `from` to `to`. What is to be done besides is done between its steps. */
async function rootOver(db: Reading, from: number, to: number): Promise<string> {
  const tree = new MerkleRoot();
  for (let at = from; at <= to; at += STEP) {
    for (const hash of await hashesOf(db, at, Math.min(at + STEP - 1, to))) tree.add(hash);
    await setImmediate();
  }
  return tree.root;
}

const COLUMNS = 'number, root, first, last';

const anchorOf = (row: Row): AuditAnchor => ({
  number: number(row, 'number'),
  root: text(row, 'root'),
  from: number(row, 'first'),
  to: number(row, 'last'),
});

/** All anchors made, oldest first. */
export async function anchorsOf(db: Reading): Promise<AuditAnchor[]> {
  return (await db.all(`SELECT ${COLUMNS} FROM anchor ORDER BY number`)).map(anchorOf);
}

/** The anchor whose stretch holds a row. */
export async function anchorOver(db: Reading, seq: number): Promise<AuditAnchor | undefined> {
  const row = await db.get(`SELECT ${COLUMNS} FROM anchor WHERE first <= ? AND last >= ?`, [seq, seq]);
  return row && anchorOf(row);
}

/** Of each chain how far it is anchored, and its last anchor's number. One statement: it is of one moment. */
const ANCHORED = `SELECT first / ${PLACES} AS chain, max(last) AS last, max(number) AS number FROM anchor
  GROUP BY first / ${PLACES}`;

/** The longest stretch without an anchor, of any chain, and the number that its anchor has. */
async function unanchored(
  db: Reading,
  words: AuditWords,
): Promise<{ number: number; from: number; rows: number }> {
  const heads = await headsOf(db, words);
  const anchored = await db.all(ANCHORED);
  const ends = new Map(anchored.map((row) => [number(row, 'chain'), placeOf(number(row, 'last'))]));
  const next = Math.max(0, ...anchored.map((row) => number(row, 'number'))) + 1;
  const stretches = heads.map(({ chain, rows }) => {
    const end = ends.get(chain) ?? 0;
    return { number: next, from: rowNumber(chain, end + 1), rows: rows - end };
  });
  return stretches.reduce((a, b) => (b.rows > a.rows ? b : a), { number: next, from: 0, rows: 0 });
}

/**
 * The anchor to be written to the ledger next: one that was made and never confirmed, so that a process that ended in
 * between leaves no gap; else one over the rows of a chain that have none yet, if there are at least `atLeast` of them.
 * Replicas that ask at once get the same: whoever is second to make a number finds the first one's.
 */
export async function nextAnchor(
  db: Database,
  words: AuditWords,
  atLeast: number,
  now: number,
): Promise<AuditAnchor | undefined> {
  for (;;) {
    const { number, from, rows } = await unanchored(db, words);
    // Looked for last: one that another replica has made by now is the next, for this one too.
    const open = await db.get(`SELECT ${COLUMNS} FROM anchor WHERE tx IS NULL ORDER BY number LIMIT 1`);
    if (open) return anchorOf(open);
    if (rows < Math.max(1, atLeast)) return undefined;
    const to = from + Math.min(rows, MAX_STRETCH) - 1;
    const root = await rootOver(db, from, to);
    const made = await db.durably([
      {
        text: 'INSERT INTO anchor (number, first, last, root, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
        values: [number, from, to, root, now],
        needed: true,
      },
    ]);
    if (made) return { number, root, from, to };
  }
}

/** Remembers the transaction in which an anchor was written to the ledger. */
export async function confirmAnchor(db: Database, number: number, txId: string): Promise<void> {
  // Of two replicas that wrote it, one was told that it is there already, and knows no transaction.
  const text = `UPDATE anchor SET tx = CASE WHEN coalesce(tx, '') = '' THEN ? ELSE tx END WHERE number = ?`;
  const done = await db.durably([{ text, values: [txId, number], needed: true }]);
  if (!done) throw new RangeError(`No anchor ${number} was made`);
}

/** The way from a row to its anchor's root. */
export async function pathTo(db: Reading, anchor: AuditAnchor, seq: number): Promise<MerkleStep[]> {
  return merkle(await hashesOf(db, anchor.from, anchor.to), seq - anchor.from).path;
}
