import type { DatabaseSync } from 'node:sqlite';
import { anchorsOf, hashesOf } from './anchors.ts';
import { merkle } from './merkle.ts';
import { canonical, identityKey, ROW_COLUMNS, ROW_JOINS, rowHash, type AuditRow } from './row.ts';
import { GENESIS, openForReading, readHead } from './schema.ts';

/** Why a log does not hold. */
export interface AuditFault {
  kind:
    /** A row is not there. */
    | 'missing'
    /** A row, or one before it, is not what was written. */
    | 'hash'
    /** What a row is found by does not say what the row says. */
    | 'index'
    /** The last row is not the one that the head names. */
    | 'head'
    /** A stretch does not have the root that was anchored, or an anchor of the ledger is unknown here. */
    | 'anchor';
  /** Sequence number of the first row that does not hold. */
  row: number;
  /** Number of the anchor, for the kind `anchor`. */
  anchor?: number;
}

export interface AuditVerdict {
  ok: boolean;
  /** Rows and anchors that hold, before the fault if there is one. */
  rows: number;
  anchors: number;
  fault?: AuditFault;
}

type StoredRow = AuditRow & { identityKey: string | null; msp: string | null; concerned: number };

function verifyRows(db: DatabaseSync): { rows: number; fault?: AuditFault } {
  const rows = db
    .prepare(
      `SELECT ${ROW_COLUMNS}, i.value AS identityKey, m.value AS msp, e.patient IS NULL OR EXISTS
       (SELECT 1 FROM concern c WHERE c.identity = e.identity AND c.patient = e.patient) AS concerned
       FROM event e ${ROW_JOINS}
       LEFT JOIN string i ON i.id = e.identity LEFT JOIN string m ON m.id = e.msp ORDER BY e.seq`,
    )
    .iterate() as unknown as Iterable<StoredRow>;
  let count = 0;
  let previous: Uint8Array = GENESIS;
  for (const row of rows) {
    count += 1;
    if (row.seq !== count) return { rows: count - 1, fault: { kind: 'missing', row: count } };
    if (Buffer.compare(rowHash(previous, row.salt, canonical(row)), row.hash) !== 0) {
      return { rows: count - 1, fault: { kind: 'hash', row: count } };
    }
    if (
      row.concerned !== 1 ||
      row.msp !== row.mspId ||
      row.identityKey !== identityKey(row.mspId, row.pseudonym)
    ) {
      return { rows: count - 1, fault: { kind: 'index', row: count } };
    }
    previous = row.hash;
  }
  const head = readHead(db);
  if (head.rows > count) return { rows: count, fault: { kind: 'missing', row: count + 1 } };
  if (head.rows < count || Buffer.compare(head.hash, previous) !== 0)
    return { rows: count - 1, fault: { kind: 'head', row: count } };
  return { rows: count };
}

/** The anchors of a log against its rows, and against those that the ledger has. */
function verifyAnchors(
  db: DatabaseSync,
  ledger: ReadonlyMap<number, string>,
): { anchors: number; fault?: AuditFault } {
  let anchors = 0;
  let from = 1;
  for (const anchor of anchorsOf(db)) {
    const fault: AuditFault = { kind: 'anchor', row: anchor.from, anchor: anchor.number };
    if (anchor.number !== anchors + 1 || anchor.from !== from) return { anchors, fault };
    const hashes = hashesOf(db, anchor.from, anchor.to);
    if (hashes.length !== anchor.to - anchor.from + 1 || merkle(hashes).root !== anchor.root)
      return { anchors, fault };
    const anchored = ledger.get(anchor.number);
    if (anchored !== undefined && anchored !== anchor.root) return { anchors, fault };
    anchors += 1;
    from = anchor.to + 1;
  }
  const unknown = Math.min(...[...ledger.keys()].filter((number) => number > anchors));
  return unknown === Infinity
    ? { anchors }
    : { anchors, fault: { kind: 'anchor', row: from, anchor: unknown } };
}

/**
 * Walks a log from its first row: every hash, the head, every anchor. With `ledger`, the anchors as the ledger has them
 * (hexadecimal roots by number), it also finds a log that was cut off or written anew together with its own anchors.
 * The log may be in use: what it says is of one moment.
 */
export function verifyAudit(file: string, ledger: ReadonlyMap<number, string> = new Map()): AuditVerdict {
  const db = openForReading(file);
  try {
    db.exec('BEGIN');
    const walked = verifyRows(db);
    if (walked.fault) return { ok: false, anchors: 0, ...walked };
    const anchored = verifyAnchors(db, ledger);
    return { ok: anchored.fault === undefined, ...walked, ...anchored };
  } finally {
    db.close();
  }
}
