import { randomFillSync } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { confirmAnchor, nextAnchor, type AuditAnchor } from './anchors.ts';
import { INTERACTIONS, interactionNumber } from './interactions.ts';
import { openInterning } from './interning.ts';
import type { AuditAgent, AuditRecord } from './record.ts';
import { canonical, identityKey, rowHash } from './row.ts';
import { openForWriting, readHead } from './schema.ts';

/** The one writer of an audit log. */
export interface AuditLog {
  /**
   * Resolves once the records are on disk. What comes in while a group is being synced is the next group; there is no
   * timer. Rejects with a TypeError, and writes nothing, when one of the records is not of the log.
   */
  append(records: readonly AuditRecord[]): Promise<void>;
  /** The same at once, as a group of its own: for a caller that has collected its group. */
  appendSync(records: readonly AuditRecord[]): void;
  /** See anchors.ts; `atLeast` rows without an anchor, 1 by default. Waits for nothing: groups not yet written are not in it. */
  nextAnchor(atLeast?: number): AuditAnchor | undefined;
  confirmAnchor(number: number, txId: string): void;
  /** Rows in the log. */
  rows(): number;
  /** Writes what waits, and closes. */
  close(): Promise<void>;
}

export interface AuditLogOptions {
  /** SQLite database; made when it is not there. */
  file: string;
  /** Milliseconds since 1970. */
  clock: () => number;
  /** Fills with random bytes. */
  ids?: (bytes: Uint8Array) => void;
}

interface Waiting {
  records: readonly AuditRecord[];
  resolve: () => void;
  reject: (reason: unknown) => void;
}

/** Text as SQLite gives it back: a lone surrogate would come back as another character, and the row not hash to what it was. */
const text = (value: string): string => value.toWellFormed();

/** A patient's account goes by the patient's name, which the log does not keep: the reference says who it was. */
const kept = (agent: AuditAgent): AuditAgent => ({
  ...agent,
  client: text(agent.client),
  display: agent.role === 'patient' ? '' : text(agent.display),
  address: text(agent.address),
});

/** Throws a TypeError for what no row can hold. */
function check(record: AuditRecord): void {
  interactionNumber(record.interaction);
  if (!Number.isSafeInteger(record.at))
    throw new TypeError('An audit record needs its time in whole milliseconds');
  if (!Number.isSafeInteger(record.status))
    throw new TypeError('An audit record needs the status of the answer');
  for (const value of [
    record.requestId,
    record.purpose,
    record.agent.client,
    record.agent.identity.pseudonym,
  ]) {
    if (typeof value !== 'string')
      throw new TypeError('An audit record needs its request, purpose, client and identity');
  }
}

function rowWriter(db: DatabaseSync) {
  const interning = openInterning(db);
  const insert =
    db.prepare(`INSERT INTO event (seq, at, interaction, action, outcome, status, identity, msp, agent,
    patient, entity, version, query, request, purpose, policy, salt, hash)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const write = (
    record: AuditRecord,
    entity: AuditRecord['entities'][number] | undefined,
    seq: number,
    previous: Uint8Array,
    salt: Uint8Array,
  ): Uint8Array => {
    const agent = kept(record.agent);
    const { mspId, pseudonym } = agent.identity;
    const interaction = interactionNumber(record.interaction);
    const row = {
      seq,
      at: record.at,
      interaction,
      action: record.action ?? INTERACTIONS[interaction]?.kind.action ?? 'E',
      outcome: Number(record.outcome),
      status: record.status,
      mspId,
      pseudonym,
      role: agent.role,
      person: agent.person ?? '',
      organization: agent.organization ?? '',
      client: agent.client,
      display: agent.display,
      address: agent.address,
      patient: record.patient ?? null,
      entity: entity === undefined ? null : text(entity.reference),
      version: entity?.version ?? null,
      query: record.query === undefined ? null : text(record.query) || '?',
      requestId: text(record.requestId),
      purpose: text(record.purpose),
      policy: record.policy === undefined ? null : text(record.policy),
    };
    const hash = rowHash(previous, salt, canonical(row));
    const identityNumber = interning.string(identityKey(mspId, pseudonym));
    const patientNumber = row.patient === null ? null : interning.string(row.patient);
    if (patientNumber !== null) interning.concern(identityNumber, patientNumber);
    insert.run(
      seq,
      row.at,
      interaction,
      row.action,
      row.outcome,
      row.status,
      identityNumber,
      interning.string(mspId),
      interning.agent(agent),
      patientNumber,
      row.entity,
      row.version,
      row.query,
      row.requestId,
      interning.string(row.purpose),
      row.policy === null ? null : interning.string(row.policy),
      salt,
      hash,
    );
    return hash;
  };
  return { write, forget: interning.forget };
}

/**
 * Opens the log for appending. Throws when its last row is not the one its head names: a log that was tampered with is
 * not gone on with.
 */
export function openAuditLog({ file, clock, ids = randomFillSync }: AuditLogOptions): AuditLog {
  const db = openForWriting(file);
  let { rows, hash } = readHead(db);
  const last = db.prepare('SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1').get();
  const lastHash = last?.['hash'];
  if (
    (last?.['seq'] ?? 0) !== rows ||
    (lastHash instanceof Uint8Array && Buffer.compare(lastHash, hash) !== 0)
  ) {
    db.close();
    throw new Error('The audit log does not end with the row that its head names');
  }
  const writer = rowWriter(db);
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const setHead = db.prepare('UPDATE head SET rows = ?, hash = ? WHERE rows = ?');

  const writeGroup = (records: readonly AuditRecord[]): void => {
    const count = records.reduce((sum, record) => sum + Math.max(1, record.entities.length), 0);
    if (count === 0) return;
    const salts = new Uint8Array(16 * count);
    ids(salts);
    let head = { rows, hash };
    try {
      begin.run();
      for (const record of records) {
        for (const entity of record.entities.length > 0 ? record.entities : [undefined]) {
          const salt = salts.slice(16 * (head.rows - rows), 16 * (head.rows - rows + 1));
          head = { rows: head.rows + 1, hash: writer.write(record, entity, head.rows + 1, head.hash, salt) };
        }
      }
      if (setHead.run(head.rows, head.hash, rows).changes !== 1)
        throw new Error('The audit log has another writer');
      commit.run();
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      writer.forget();
      throw error;
    }
    ({ rows, hash } = head);
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
        for (const record of records) check(record);
        if (waiting.push({ records, resolve, reject }) === 1) setImmediate(writeWaiting);
      });
    },
    appendSync(records) {
      for (const record of records) check(record);
      writeGroup(records);
    },
    nextAnchor: (atLeast = 1) => nextAnchor(db, rows, atLeast, clock()),
    confirmAnchor: (number, txId) => {
      confirmAnchor(db, number, txId);
    },
    rows: () => rows,
    close() {
      if (waiting.length > 0) writeWaiting();
      db.close();
      return Promise.resolve();
    },
  };
}
