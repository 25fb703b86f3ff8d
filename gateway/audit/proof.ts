import { anchorOver, pathTo } from './anchors.ts';
import { rootOf, type MerkleStep } from './merkle.ts';
import { openMoment } from './open-for-reading.ts';
import { canonical, ROW_COLUMNS, ROW_JOINS, rowHash, type AuditRow } from './row.ts';
import { GENESIS } from './schema.ts';

/**
 * Shows that one row is in an anchored stretch, without showing any other. It holds the whole row, its query included,
 * so it is for the operator and whoever may see all of that. Bytes are hexadecimal.
 */
export interface AuditProof {
  /** The row as the chain covers it (JSON, see `canonical`). */
  row: string;
  salt: string;
  /** Hash of the row before. */
  previous: string;
  anchor: number;
  root: string;
  path: MerkleStep[];
}

/** The proof of a row, by its number (see chain.ts); undefined when it is not there or not anchored yet. */
export async function auditProof(url: string, seq: number): Promise<AuditProof | undefined> {
  const { db, close } = await openMoment(url);
  try {
    const anchor = await anchorOver(db, seq);
    const found = await db.get(`SELECT ${ROW_COLUMNS} FROM event e ${ROW_JOINS} WHERE e.seq = ?`, [seq]);
    if (anchor === undefined || found === undefined) return undefined;
    const row = found as unknown as AuditRow;
    const before = (await db.get('SELECT hash FROM event WHERE seq = ?', [seq - 1]))?.['hash'];
    return {
      row: canonical(row),
      salt: Buffer.from(row.salt).toString('hex'),
      previous: Buffer.from(before instanceof Uint8Array ? before : GENESIS).toString('hex'),
      anchor: anchor.number,
      root: anchor.root,
      path: await pathTo(db, anchor, seq),
    };
  } finally {
    await close();
  }
}

/** Whether the row is one of those under `root`, the root that the ledger has for the proof's anchor. */
export function verifyProof(proof: AuditProof, root: string): boolean {
  const hash = rowHash(Buffer.from(proof.previous, 'hex'), Buffer.from(proof.salt, 'hex'), proof.row);
  return rootOf(hash, proof.path) === root;
}
