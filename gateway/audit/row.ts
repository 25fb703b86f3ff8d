import { hash } from 'node:crypto';
import { INTERACTIONS } from './interactions.ts';

/** A row of the log with its references resolved. Absent parts are null; of an agent, ''. */
export interface AuditRow {
  /** Its number; see chain.ts. */
  seq: number;
  /** Milliseconds since 1970. */
  at: number;
  /** Place in INTERACTIONS. */
  interaction: number;
  action: string;
  outcome: number;
  status: number;
  mspId: string;
  pseudonym: string;
  role: string;
  person: string;
  organization: string;
  client: string;
  display: string;
  address: string;
  patient: string | null;
  entity: string | null;
  version: number | null;
  query: string | null;
  requestId: string;
  purpose: string;
  policy: string | null;
  /** 16 random bytes, so that neither the chain nor an anchor lets the row be guessed. */
  salt: Uint8Array;
  hash: Uint8Array;
}

/** Columns and joins that make an AuditRow of `event e`. */
export const ROW_COLUMNS = `e.seq, e.at, e.interaction, e.action, e.outcome, e.status, a.msp AS "mspId", a.pseudonym,
  a.role, a.person, a.organization, a.client, a.display, a.address, p.value AS patient, e.entity, e.version, e.query,
  e.request AS "requestId", u.value AS purpose, o.value AS policy, e.salt, e.hash`;
export const ROW_JOINS = `LEFT JOIN agent a ON a.id = e.agent LEFT JOIN string p ON p.id = e.patient
  LEFT JOIN string u ON u.id = e.purpose LEFT JOIN string o ON o.id = e.policy`;

/**
 * The bytes of a row that the chain covers: a JSON array of its values in a fixed order, references resolved. Anyone can
 * make it again from the row.
 */
export function canonical(row: Omit<AuditRow, 'salt' | 'hash'>): string {
  return JSON.stringify([
    row.seq,
    row.at,
    INTERACTIONS[row.interaction]?.name ?? row.interaction,
    row.action,
    row.outcome,
    row.status,
    row.mspId,
    row.pseudonym,
    row.role,
    row.person,
    row.organization,
    row.client,
    row.display,
    row.address,
    row.patient,
    row.entity,
    row.version,
    row.query,
    row.requestId,
    row.purpose,
    row.policy,
  ]);
}

/** SHA-256 of the hash before, the salt, and the canonical bytes. */
export function rowHash(previous: Uint8Array, salt: Uint8Array, bytes: string): Uint8Array {
  return hash('sha256', Buffer.concat([previous, salt, Buffer.from(bytes)]), 'buffer');
}

/** How an identity is named in `string`. A newline is in no MSP id. */
export const identityKey = (mspId: string, pseudonym: string): string => `${mspId}\n${pseudonym}`;
