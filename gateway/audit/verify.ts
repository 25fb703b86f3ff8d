import type { Reading } from '../database/port.ts';
import { number } from '../database/rows.ts';
import { anchorsOf, hashesOf } from './anchors.ts';
import { chainOf, placeOf, rowNumber, type ChainHead } from './chain.ts';
import { fold } from './condition.ts';
import { merkle } from './merkle.ts';
import { openMoment } from './open-for-reading.ts';
import { canonical, identityKey, ROW_COLUMNS, ROW_JOINS, rowHash, type AuditRow } from './row.ts';
import { GENESIS, headsOf, type AuditWords } from './schema.ts';

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
  /** Place in its chain, from 1, of the first row that does not hold. */
  row: number;
  /** Number of the anchor, for the kind `anchor`. */
  anchor?: number;
  /** The chain, where there are several. */
  chain?: number;
}

export interface AuditVerdict {
  ok: boolean;
  /** Rows and anchors that hold, before the fault if there is one. */
  rows: number;
  anchors: number;
  fault?: AuditFault;
}

interface StoredRow extends AuditRow {
  identity_key: string | null;
  msp: string | null;
  concerned: number;
  folded_display?: string;
  folded_address?: string;
}

/** Rows that are looked at in one go. */
const AT_ONCE = 5_000;

const rowsAfter = ({ foldedColumns }: AuditWords): string =>
  `SELECT ${ROW_COLUMNS}, i.value AS identity_key, m.value AS msp, CASE WHEN e.patient IS NULL OR EXISTS
     (SELECT 1 FROM concern c WHERE c.identity = e.identity AND c.patient = e.patient) THEN 1 ELSE 0 END AS concerned
     ${foldedColumns}
   FROM event e ${ROW_JOINS}
   LEFT JOIN string i ON i.id = e.identity LEFT JOIN string m ON m.id = e.msp
   WHERE e.seq > ? AND e.seq < ? ORDER BY e.seq LIMIT ${AT_ONCE}`;

async function* rowsOf(db: Reading, words: AuditWords, chain: number): AsyncGenerator<StoredRow> {
  for (let last = rowNumber(chain, 0), more = true; more;) {
    const rows = await db.all(rowsAfter(words), [last, rowNumber(chain + 1, 0)]);
    yield* rows as unknown as StoredRow[];
    more = rows.length === AT_ONCE;
    const end = rows.at(-1);
    if (end) last = number(end, 'seq');
  }
}

/** Whether a row is found by what it says. */
const isIndexed = (row: StoredRow): boolean =>
  row.concerned === 1 &&
  row.msp === row.mspId &&
  row.identity_key === identityKey(row.mspId, row.pseudonym) &&
  (row.folded_display ?? fold(row.display)) === fold(row.display) &&
  (row.folded_address ?? fold(row.address)) === fold(row.address);

async function verifyChain(
  db: Reading,
  words: AuditWords,
  { chain, rows, hash }: ChainHead,
): Promise<{ rows: number; fault?: AuditFault }> {
  let count = 0;
  let previous: Uint8Array = GENESIS;
  const fault = (kind: AuditFault['kind'], row: number): { rows: number; fault: AuditFault } => ({
    rows: Math.min(count, row - 1),
    fault: { kind, row, ...(chain > 0 && { chain }) },
  });
  for await (const row of rowsOf(db, words, chain)) {
    count += 1;
    if (row.seq !== rowNumber(chain, count)) return fault('missing', count);
    if (Buffer.compare(rowHash(previous, row.salt, canonical(row)), row.hash) !== 0)
      return fault('hash', count);
    if (!isIndexed(row)) return fault('index', count);
    previous = row.hash;
  }
  if (rows > count) return fault('missing', count + 1);
  if (rows < count || Buffer.compare(hash, previous) !== 0) return fault('head', count);
  return { rows: count };
}

/** The heads of all chains, and of those that have rows and no head: they should have had none. */
async function allHeads(db: Reading, words: AuditWords): Promise<ChainHead[]> {
  const heads = new Map((await headsOf(db, words)).map((head) => [head.chain, head]));
  let first = await db.get('SELECT min(seq) AS seq FROM event');
  while (typeof first?.['seq'] === 'number') {
    const chain = chainOf(first['seq']);
    if (!heads.has(chain)) heads.set(chain, { chain, rows: 0, hash: GENESIS });
    first = await db.get('SELECT min(seq) AS seq FROM event WHERE seq >= ?', [rowNumber(chain + 1, 0)]);
  }
  return [...heads.values()].sort((a, b) => a.chain - b.chain);
}

async function verifyRows(db: Reading, words: AuditWords): Promise<{ rows: number; fault?: AuditFault }> {
  let all = 0;
  for (const head of await allHeads(db, words)) {
    const { rows, fault } = await verifyChain(db, words, head);
    all += rows;
    if (fault) return { rows: all, fault };
  }
  return { rows: all };
}

/** The anchors of a log against its rows, and against those that the ledger has. */
async function verifyAnchors(
  db: Reading,
  ledger: ReadonlyMap<number, string>,
): Promise<{ anchors: number; fault?: AuditFault }> {
  let anchors = 0;
  /** Of each chain the row with which its next anchor begins. */
  const next = new Map<number, number>();
  for (const anchor of await anchorsOf(db)) {
    const chain = chainOf(anchor.from);
    const fault: AuditFault = {
      ...{ kind: 'anchor', row: placeOf(anchor.from), anchor: anchor.number },
      ...(chain > 0 && { chain }),
    };
    if (anchor.number !== anchors + 1 || anchor.from !== (next.get(chain) ?? rowNumber(chain, 1)))
      return { anchors, fault };
    const hashes = await hashesOf(db, anchor.from, anchor.to);
    if (hashes.length !== anchor.to - anchor.from + 1 || merkle(hashes).root !== anchor.root)
      return { anchors, fault };
    const anchored = ledger.get(anchor.number);
    if (anchored !== undefined && anchored !== anchor.root) return { anchors, fault };
    anchors += 1;
    next.set(chain, anchor.to + 1);
  }
  const unknown = Math.min(...[...ledger.keys()].filter((number) => number > anchors));
  const row = next.get(0) ?? 1;
  return unknown === Infinity ? { anchors } : { anchors, fault: { kind: 'anchor', row, anchor: unknown } };
}

/**
 * Walks a log (`url` as for `openAuditLog`) from the first row of each chain: every hash, the heads, every anchor. With
 * `ledger`, the anchors as the ledger has them (hexadecimal roots by number), it also finds a log that was cut off or
 * written anew together with its own anchors, or that lacks a whole chain. The log may be in use: what it says is of one
 * moment.
 */
export async function verifyAudit(
  url: string,
  ledger: ReadonlyMap<number, string> = new Map(),
): Promise<AuditVerdict> {
  const { db, words, close } = await openMoment(url);
  try {
    const walked = await verifyRows(db, words);
    if (walked.fault) return { ok: false, anchors: 0, ...walked };
    const anchored = await verifyAnchors(db, ledger);
    return { ok: anchored.fault === undefined, ...walked, ...anchored };
  } finally {
    await close();
  }
}
