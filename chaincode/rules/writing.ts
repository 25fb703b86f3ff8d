import { evaluateRules, LAB_SECTIONS, NON_CLINICAL_SECTIONS, typeRow } from '../api/index.ts';
import type { EntryValue, OutcomeCode, RecordValue, Role, Rule, Section } from '../api/index.ts';
import { actsForOrganisation, ownOrganisation, ownsRecord, requesterOf, sameIdentity } from './caller.ts';
import type { Caller } from './caller.ts';
import { inForce, mayWithdraw } from './consent.ts';
import { moves } from './placement.ts';
import type { Placement } from './placement.ts';
import { checkOpen } from './record.ts';

export interface WriteRequest {
  caller: Caller;
  act: 'create' | 'update' | 'delete';
  /** The record that the entry is in, or is to be in. */
  record?: RecordValue | undefined;
  /** The current version; none for `create`. */
  old?: EntryValue | undefined;
  /** What is to be written; none for `delete`. Its placement has been checked. */
  next?: Placement | undefined;
  /** Every rule that the patient's grants hold for the caller's person, for its organisation and for everyone. */
  rules: readonly Rule[];
  /** Code of v3-ActReason. */
  purpose: string;
  /** Milliseconds since 1970. */
  now: number;
}

/** AuditEvents come from each gateway's own log, and never to the ledger: whoever wrote one here would forge it. */
const isAudit = (type: string): boolean => type === 'AuditEvent';

/**
 * Sections of a patient's record that a role may write with a grant. A lab writes Tasks besides: those of its own orders.
 * Which those are only their content says (the order that they are of, the lab as their owner, whoever created them), so
 * the gateway judges it, and every other gateway's projector sees who wrote.
 */
export function writesSection(role: Role, type: string, section: Section): boolean {
  if (isAudit(type)) return false;
  if (role === 'lab') return LAB_SECTIONS.includes(section) || type === 'Task';
  return (role === 'doctor' || role === 'system') && !NON_CLINICAL_SECTIONS.includes(section);
}

function writesShared(role: Role, entry: Placement): boolean {
  if (isAudit(entry.type)) return false;
  if (entry.home === 'directory') return role === 'hr' || role === 'system';
  if (entry.home === 'administrative') return role === 'hr' || role === 'researcher';
  if (entry.home !== 'attached') return false;
  if (role !== 'lab') return role === 'doctor' || role === 'system';
  const sections = typeRow(entry.type)?.sections ?? [];
  return sections.length === 0 || sections.some((section) => LAB_SECTIONS.includes(section));
}

function patientWrites(request: WriteRequest, record: RecordValue, entry: Placement): boolean {
  const { caller, act, old } = request;
  if (!ownsRecord(caller, record)) return false;
  if (entry.type === 'Patient') return act === 'update';
  // What is in force changes only together with its rules.
  if (entry.type === 'Consent') return !old || !inForce(old);
  if (entry.type !== 'Task' && entry.type !== 'Communication') return false;
  // Once somebody else has written to it, it is no longer the patient's word alone.
  return !old || sameIdentity(old.author, caller);
}

function staffWrites(
  request: WriteRequest,
  record: RecordValue,
  entry: Placement,
  section: Section,
): OutcomeCode {
  const { caller, act, old } = request;
  if (entry.type === 'Consent') return old ? mayWithdraw(caller, old) : 'OK';
  const personal = section === 'personal' && caller.role === 'system' && record.home === caller.mspId;
  if (!personal && !writesSection(caller.role, entry.type, section)) return 'FORBIDDEN';
  // A record is opened and erased with its Patient, never by writing or deleting that alone.
  if (entry.type === 'Patient' && act !== 'update') return 'FORBIDDEN';
  if (act === 'delete' && old && !ownOrganisation(caller, old)) return 'FORBIDDEN';
  const verdict = evaluateRules(request.rules, {
    requester: requesterOf(caller),
    action: 'correct',
    purpose: request.purpose,
    now: request.now,
    type: entry.type,
    section,
    labels: entry.labels ?? [],
    date: undefined,
  });
  return verdict === 'permit' ? 'OK' : 'NOT_GRANTED';
}

function mayTouch(request: WriteRequest, entry: Placement): OutcomeCode {
  const { caller, old, record } = request;
  if (entry.home !== 'patient' || entry.section === undefined) {
    if (!writesShared(caller.role, entry)) return 'FORBIDDEN';
    return !old || ownOrganisation(caller, old) ? 'OK' : 'FORBIDDEN';
  }
  if (caller.role === 'hr' || caller.role === 'researcher') return 'FORBIDDEN';
  const open = checkOpen(record);
  if (open !== 'OK' || !record) return open === 'OK' ? 'NOT_FOUND' : open;
  if (caller.role === 'patient') return patientWrites(request, record, entry) ? 'OK' : 'FORBIDDEN';
  return staffWrites(request, record, entry, entry.section);
}

/**
 * Whether the caller may write or delete an entry: FORBIDDEN when the role never may, NOT_GRANTED when no grant covers
 * it, NOT_FOUND or ERASED for the record, OWNER_CHANGED when the entry would move. The old version comes first, so that
 * whoever may not touch it learns nothing of it.
 */
export function mayWrite(request: WriteRequest): OutcomeCode {
  const { old, next } = request;
  if (old) {
    const code = mayTouch(request, old);
    if (code !== 'OK') return code;
    if (next && moves(old, next)) return 'OWNER_CHANGED';
  }
  return next ? mayTouch(request, next) : 'OK';
}

/** An update of what doesn't exist creates it, for those who choose their own ids. */
export const mayUpdateAsCreate = (caller: Caller): OutcomeCode =>
  actsForOrganisation(caller) ? 'OK' : 'NOT_FOUND';
