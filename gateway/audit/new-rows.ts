import { rowNumber, type ChainHead } from './chain.ts';
import { INTERACTIONS, interactionNumber } from './interactions.ts';
import type { AuditAgent, AuditRecord } from './record.ts';
import { canonical, rowHash, type AuditRow } from './row.ts';

/** A row on its way into the log. */
export interface NewRow extends AuditRow {
  /** Who did it, as the log keeps it. */
  agent: AuditAgent;
}

const SALT = 16;

/**
 * Text as every engine gives it back: a lone surrogate would come back as another character, and PostgreSQL takes no
 * character 0, and the row would not hash to what it was.
 */
const text = (value: string): string => value.toWellFormed().replaceAll('\0', '\ufffd');

/** A patient's account goes by the patient's name, which the log does not keep: the reference says who it was. */
const kept = (agent: AuditAgent): AuditAgent => ({
  ...agent,
  client: text(agent.client),
  display: agent.role === 'patient' ? '' : text(agent.display),
  address: text(agent.address),
});

/** Throws a TypeError for what no row can hold. */
export function assertRecord(record: AuditRecord): void {
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

function rowOf(
  record: AuditRecord,
  entity: AuditRecord['entities'][number] | undefined,
  agent: AuditAgent,
  seq: number,
): Omit<AuditRow, 'salt' | 'hash'> {
  const interaction = interactionNumber(record.interaction);
  return {
    seq,
    at: record.at,
    interaction,
    action: record.action ?? INTERACTIONS[interaction]?.kind.action ?? 'E',
    outcome: Number(record.outcome),
    status: record.status,
    mspId: agent.identity.mspId,
    pseudonym: agent.identity.pseudonym,
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
}

/** The rows that records become at the end of a chain: one for each entity. `random` fills with random bytes. */
export function newRows(
  records: readonly AuditRecord[],
  head: ChainHead,
  random: (bytes: Uint8Array) => void,
): NewRow[] {
  const count = records.reduce((sum, record) => sum + Math.max(1, record.entities.length), 0);
  const salts = new Uint8Array(SALT * count);
  random(salts);
  const rows: NewRow[] = [];
  let previous = head.hash;
  for (const record of records) {
    const agent = kept(record.agent);
    for (const entity of record.entities.length > 0 ? record.entities : [undefined]) {
      const at = rows.length;
      const row = rowOf(record, entity, agent, rowNumber(head.chain, head.rows + at + 1));
      const salt = salts.slice(SALT * at, SALT * (at + 1));
      const hash = rowHash(previous, salt, canonical(row));
      rows.push({ ...row, salt, hash, agent });
      previous = hash;
    }
  }
  return rows;
}

/** The head of a chain to which rows were appended. */
export const headAfter = (head: ChainHead, rows: readonly NewRow[]): ChainHead => ({
  ...head,
  rows: head.rows + rows.length,
  hash: rows.at(-1)?.hash ?? head.hash,
});
