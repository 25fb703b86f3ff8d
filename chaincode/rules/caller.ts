import type { EntryValue, IdentityRef, RecordValue, Requester, Role } from '../api/index.ts';

/** Who submits, as the certificate and the ledger's identity and organisation entries say together. */
export interface Caller extends IdentityRef {
  role: Role;
  /** `Patient/1`, `Practitioner/2`; none for those that have no resource. */
  fhirUser?: string;
  /** The Organization that stands for the caller's MSP, `Organization/5`. */
  organization: string;
  /** The caller's organisation bootstrapped the ledger. */
  founder: boolean;
}

/** Neither part of an identity says anything without the other. */
export const sameIdentity = (a: IdentityRef, b: IdentityRef): boolean =>
  a.mspId === b.mspId && a.pseudonym === b.pseudonym;

/** HR and systems act for their organisation. */
export const actsForOrganisation = (caller: Caller): boolean =>
  caller.role === 'hr' || caller.role === 'system';

/** A patient's identity counts only from the record's home organisation, and only while the record names it. */
export const ownsRecord = (caller: Caller, record: RecordValue): boolean =>
  caller.role === 'patient' &&
  caller.fhirUser === `Patient/${record.patient}` &&
  caller.mspId === record.home &&
  caller.pseudonym === record.owner;

/** True when the caller's organisation created the entry. */
export const ownOrganisation = (caller: Caller, entry: EntryValue): boolean =>
  caller.mspId === entry.organisation;

/** The caller as the rules of a Consent see it. */
export const requesterOf = (caller: Caller): Requester => ({
  role: caller.role,
  organization: caller.organization,
  ...(caller.fhirUser !== undefined && { person: caller.fhirUser }),
});
