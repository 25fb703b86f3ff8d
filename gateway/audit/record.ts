import type { IdentityRef, Role } from '@fhir-fabric-gateway/chaincode/api';
import type { AuditAction, Interaction } from './interactions.ts';

/** https://hl7.org/fhir/R4/valueset-audit-event-outcome.html: success, refused or at fault, failure of the server. */
export type AuditOutcome = '0' | '4' | '8';

/** Who did it, as the access token says. */
export interface AuditAgent {
  identity: IdentityRef;
  role: Role;
  /** `Practitioner/2`, `Patient/1`. */
  person?: string;
  /** `Organization/5`. */
  organization?: string;
  /** OAuth client id. */
  client: string;
  /** A name for people: the account's or the client's. */
  display: string;
  /** Network address of the client. */
  address: string;
}

/**
 * One interaction with a record, as it is handed to the log: references and codes, never clinical content, and no name
 * of a patient but what a query string carries.
 */
export interface AuditRecord {
  /** Milliseconds since 1970. */
  at: number;
  interaction: Interaction;
  /** The interaction's own when absent. */
  action?: AuditAction;
  outcome: AuditOutcome;
  /** HTTP status of the answer. */
  status: number;
  agent: AuditAgent;
  /**
   * Id of the Patient whom it concerns. A refusal (403, or 404 for what exists and is hidden) names its patient too, so
   * that they see who tried.
   */
  patient?: string;
  /**
   * What was touched. BALP has one data entity an event, so several become an AuditEvent each; a search names none
   * (BALP: the results are not recorded, the patients disclosed are).
   */
  entities: readonly { reference: string; version?: number }[];
  /** The search, or the operation, as it was sent: `Observation?code=8867-4`, `Patient/1/$everything`. */
  query?: string;
  /** X-Request-Id. */
  requestId: string;
  /** Code of v3-ActReason. */
  purpose: string;
  /** What allowed it: a URI, such as that of the Consent. */
  policy?: string;
}

/**
 * The records of one search: one for each patient of whom something was disclosed, matches and includes alike; a single
 * one without a patient when nothing was (IHE BALP, PatientQuery).
 */
export function recordsForSearch(base: AuditRecord, disclosedPatients: Iterable<string>): AuditRecord[] {
  const records = Array.from(new Set(disclosedPatients), (patient) => ({ ...base, patient }));
  return records.length > 0 ? records : [base];
}

/** The outcome that stands for an HTTP status. */
export function outcomeOf(status: number): AuditOutcome {
  return status < 400 ? '0' : status < 500 ? '4' : '8';
}
