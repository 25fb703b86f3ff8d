import { randomBytes } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { createTables, overSqlite } from '../database/sqlite.ts';
import { confirmAnchor, nextAnchor } from './anchors.ts';
import type { ChainHead } from './chain.ts';
import { openInterning } from './interning.ts';
import type { AuditLog, AuditLogOptions } from './log.ts';
import { assertRecord, headAfter, newRows, type NewRow } from './new-rows.ts';
import type { AuditRecord } from './record.ts';
import { identityKey } from './row.ts';
import { GENESIS, headsOf, SQLITE_WORDS, sqliteTables } from './schema.ts';

interface Waiting {
  records: readonly AuditRecord[];
  resolve: () => void;
  reject: (reason: unknown) => void;
}

/** Opens the file for writing, and makes it when it is not there. Every commit is synced. */
function openFile(file: string): DatabaseSync {
  const db = new DatabaseSync(file, { timeout: 5000 });
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
  // Pages that are not kept here the system keeps; several groups to a checkpoint.
  db.exec('PRAGMA cache_size = -8192; PRAGMA wal_autocheckpoint = 4000;');
  db.exec('BEGIN IMMEDIATE');
  createTables(db, sqliteTables);
  db.prepare('INSERT OR IGNORE INTO head VALUES (1, 0, ?, ?)').run(GENESIS, randomBytes(16));
  db.exec('COMMIT');
  return db;
}

function rowWriter(db: DatabaseSync) {
  const interning = openInterning(db);
  const insert =
    db.prepare(`INSERT INTO event (seq, at, interaction, action, outcome, status, identity, msp, agent,
    patient, entity, version, query, request, purpose, policy, salt, hash)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const write = (row: NewRow): void => {
    const identityNumber = interning.string(identityKey(row.mspId, row.pseudonym));
    const patientNumber = row.patient === null ? null : interning.string(row.patient);
    if (patientNumber !== null) interning.concern(identityNumber, patientNumber);
    insert.run(
      row.seq,
      row.at,
      row.interaction,
      row.action,
      row.outcome,
      row.status,
      identityNumber,
      interning.string(row.mspId),
      interning.agent(row.agent),
      patientNumber,
      row.entity,
      row.version,
      row.query,
      row.requestId,
      interning.string(row.purpose),
      row.policy === null ? null : interning.string(row.policy),
      row.salt,
      row.hash,
    );
  };
  return { write, forget: interning.forget };
}

/** Throws when the last row is not the one that the head names. */
function headOf(db: DatabaseSync, heads: readonly ChainHead[]): ChainHead {
  const [head] = heads;
  if (!head) throw new Error('The audit log has no head');
  const last = db.prepare('SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1').get();
  const hash = last?.['hash'];
  if (
    (last?.['seq'] ?? 0) !== head.rows ||
    (hash instanceof Uint8Array && Buffer.compare(hash, head.hash) !== 0)
  )
    throw new Error('The audit log does not end with the row that its head names');
  return head;
}

/** The log in a SQLite file, whose one chain this process alone writes. See `openAuditLog`. */
export async function openSqliteLog({ url, clock, ids }: Required<AuditLogOptions>): Promise<AuditLog> {
  const db = openFile(url);
  const shared = overSqlite(db);
  let head: ChainHead;
  try {
    head = headOf(db, await headsOf(shared, SQLITE_WORDS));
  } catch (error) {
    db.close();
    throw error;
  }
  const writer = rowWriter(db);
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const setHead = db.prepare('UPDATE head SET rows = ?, hash = ? WHERE rows = ?');

  const writeGroup = (records: readonly AuditRecord[]): void => {
    const rows = newRows(records, head, ids);
    if (rows.length === 0) return;
    const after = headAfter(head, rows);
    try {
      begin.run();
      for (const row of rows) writer.write(row);
      if (setHead.run(after.rows, after.hash, head.rows).changes !== 1)
        throw new Error('The audit log has another writer');
      commit.run();
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      writer.forget();
      throw error;
    }
    head = after;
  };

  /** After its group failed: one caller's fault is not the others'. */
  const writeAlone = ({ records, resolve, reject }: Waiting): void => {
    try {
      writeGroup(records);
      resolve();
    } catch (error) {
      reject(error);
    }
  };
  let waiting: Waiting[] = [];
  const writeWaiting = (): void => {
    const group = waiting;
    waiting = [];
    try {
      writeGroup(group.flatMap(({ records }) => records));
    } catch (error) {
      const [only, ...others] = group;
      if (only !== undefined && others.length === 0) only.reject(error);
      else for (const one of group) writeAlone(one);
      return;
    }
    for (const { resolve } of group) resolve();
  };

  return {
    append(records) {
      return new Promise((resolve, reject) => {
        for (const record of records) assertRecord(record);
        if (waiting.push({ records, resolve, reject }) === 1) setImmediate(writeWaiting);
      });
    },
    nextAnchor: (atLeast = 1) => nextAnchor(shared, SQLITE_WORDS, atLeast, clock()),
    confirmAnchor: (number, txId) => confirmAnchor(shared, number, txId),
    rows: () => head.rows,
    async close() {
      if (waiting.length > 0) writeWaiting();
      db.close();
    },
  };
}
