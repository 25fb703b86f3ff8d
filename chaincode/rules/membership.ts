import type { EntryValue, IdentityValue, OrganisationValue, OutcomeCode, RecordValue } from '../api/index.ts';
import { actsForOrganisation } from './caller.ts';
import type { Caller } from './caller.ts';
import { checkOpen } from './record.ts';

/** MSPs and pseudonyms are parts of keys: a `/` in one could make it pass for another. */
export const isPlainName = (name: string): boolean => !/[/*]/.test(name);

const RESOURCE = /^([A-Z][A-Za-z]{1,63})\/([A-Za-z0-9.-]{1,64})$/;

/** `Type/id` in its parts, or undefined. */
export function parseReference(reference: string | undefined): { type: string; id: string } | undefined {
  const [, type, id] = RESOURCE.exec(reference ?? '') ?? [];
  return type !== undefined && id !== undefined ? { type, id } : undefined;
}

/** What an identity's role says it must be in FHIR: a patient a Patient, a doctor or lab a Practitioner. */
function checkFhirUser({ role, fhirUser }: IdentityValue): OutcomeCode {
  if (fhirUser === undefined) {
    return role === 'patient' || role === 'doctor' || role === 'lab' ? 'BAD_REQUEST' : 'OK';
  }
  const type = parseReference(fhirUser)?.type;
  return type === (role === 'patient' ? 'Patient' : 'Practitioner') ? 'OK' : 'BAD_REQUEST';
}

/** HR and systems register their own organisation's people, in the roles that its CA may issue. */
export function mayRegister(
  caller: Caller,
  organisation: OrganisationValue | undefined,
  identity: IdentityValue,
): OutcomeCode {
  if (!isPlainName(identity.mspId) || !isPlainName(identity.pseudonym)) return 'BAD_REQUEST';
  if (!actsForOrganisation(caller) || caller.mspId !== identity.mspId) return 'FORBIDDEN';
  if (!organisation?.roles.includes(identity.role)) return 'FORBIDDEN';
  return checkFhirUser(identity);
}

/** A Practitioner is one of the organisation whose directory has it. */
export function mayBePractitioner(mspId: string, practitioner: EntryValue | undefined): OutcomeCode {
  if (!practitioner?.content) return 'NOT_FOUND';
  return practitioner.organisation === mspId ? 'OK' : 'FORBIDDEN';
}

/** A patient's account is at the record's home; EXISTS when another active identity has it. */
export function mayBePatient(
  identity: IdentityValue,
  record: RecordValue | undefined,
  owner: IdentityValue | undefined,
): OutcomeCode {
  const open = checkOpen(record);
  if (open !== 'OK') return open;
  if (record?.home !== identity.mspId) return 'FORBIDDEN';
  return owner && owner.pseudonym !== identity.pseudonym && owner.status === 'active' ? 'EXISTS' : 'OK';
}

/** Only the founder brings in organisations. */
export function mayAddOrganisation(caller: Caller, next: OrganisationValue): OutcomeCode {
  if (!actsForOrganisation(caller) || !caller.founder) return 'FORBIDDEN';
  return isPlainName(next.mspId) && parseReference(next.organization)?.type === 'Organization'
    ? 'OK'
    : 'BAD_REQUEST';
}

/** An organisation says which Organization it is; the founder says which roles it may issue. */
export function mayChangeOrganisation(
  caller: Caller,
  old: OrganisationValue,
  next: OrganisationValue,
): OutcomeCode {
  if (!actsForOrganisation(caller)) return 'FORBIDDEN';
  if (parseReference(next.organization)?.type !== 'Organization') return 'BAD_REQUEST';
  const sameRoles =
    next.roles.every((role) => old.roles.includes(role)) &&
    old.roles.every((role) => next.roles.includes(role));
  if (!sameRoles && !caller.founder) return 'FORBIDDEN';
  if (old.organization !== next.organization && caller.mspId !== old.mspId) return 'FORBIDDEN';
  return caller.mspId === old.mspId || caller.founder ? 'OK' : 'FORBIDDEN';
}

/**
 * Who may stand for an Organization: nobody else does (`claim` holds `organisation/<MSP>`), and the directory has it
 * from nobody else.
 */
export function mayStandFor(
  mspId: string,
  claim: { holder: string } | undefined,
  entry: EntryValue | undefined,
): OutcomeCode {
  if (claim && claim.holder !== `organisation/${mspId}`) return 'NOT_UNIQUE';
  return entry && entry.organisation !== mspId ? 'FORBIDDEN' : 'OK';
}
