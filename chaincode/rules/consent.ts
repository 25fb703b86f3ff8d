import { GRANTEE_ROLES } from '../api/index.ts';
import type { EntryValue, OutcomeCode, RecordValue, Rule } from '../api/index.ts';
import { ownsRecord, sameIdentity } from './caller.ts';
import type { Caller } from './caller.ts';
import { checkOpen } from './record.ts';

const MAX_DEPTH = 64;

/** True while the Consent's rules are kept in the record's grants or privacy. */
export const inForce = (consent: EntryValue): boolean =>
  consent.grantees !== undefined || consent.privacy === true;

/** Only the patient who owns the record decides on its Consents. */
export function mayDecide(caller: Caller, record: RecordValue | undefined): OutcomeCode {
  if (caller.role !== 'patient') return 'FORBIDDEN';
  const open = checkOpen(record);
  if (open !== 'OK') return open;
  return record && ownsRecord(caller, record) ? 'OK' : 'FORBIDDEN';
}

/**
 * Who asked may change or withdraw what was asked, until the patient decides. A patient's decision makes the patient
 * the current version's author, so an entry whose author is still the one who asked has never been in force, the first
 * grant that opened the record excepted.
 */
export function mayWithdraw(caller: Caller, consent: EntryValue): OutcomeCode {
  if (!GRANTEE_ROLES.includes(caller.role)) return 'FORBIDDEN';
  return sameIdentity(caller, consent.author) && !inForce(consent) ? 'OK' : 'FORBIDDEN';
}

/** Exceptions that take away and never give: an exception may name actors of its own, or permit what is denied. */
const onlyNarrows = (rules: readonly Rule[] | undefined): boolean =>
  (rules ?? []).every((rule) => rule.type === 'deny' && onlyNarrows(rule.rules));

/**
 * The grant that comes with a new record: one, a permit for the systems of the organisation that opens it and for
 * nobody else, whose exceptions can only make it narrower.
 */
export function checkOpeningGrants(
  grants: Readonly<Record<string, Rule>>,
  organization: string,
): OutcomeCode {
  const [first, ...others] = Object.entries(grants);
  if (!first || others.length > 0) return 'FORBIDDEN';
  const [grantee, rule] = first;
  const systems = rule.actors?.length === 1 && rule.actors[0] === `${organization}|CST`;
  const own = grantee === organization && rule.type === 'permit' && systems && onlyNarrows(rule.rules);
  return own ? 'OK' : 'FORBIDDEN';
}

const depth = (rule: Rule): number => 1 + Math.max(0, ...(rule.rules ?? []).map(depth));

/** A permit that names no actor, itself or above it, would open the record to anybody. */
const opensToAnybody = (rule: Rule): boolean =>
  rule.actors === undefined && (rule.type === 'permit' || (rule.rules ?? []).some(opensToAnybody));

/**
 * BAD_REQUEST for a grantee that is no reference, rules nested deeper than anyone can follow, or a permit to anybody:
 * what is not private is said by EditPrivacy, and read only.
 */
export function checkGrants(grants: Readonly<Record<string, Rule>>): OutcomeCode {
  const sound = Object.entries(grants).every(
    ([grantee, rule]) =>
      /^(\*|[A-Z][A-Za-z]{1,63}\/[A-Za-z0-9.-]{1,64})$/.test(grantee) &&
      depth(rule) <= MAX_DEPTH &&
      !opensToAnybody(rule),
  );
  return sound ? 'OK' : 'BAD_REQUEST';
}

/** What is not private is a permit of sections that names no actor. */
export function checkPrivacyRule(rule: Rule): OutcomeCode {
  const sound =
    rule.type === 'permit' && rule.actors === undefined && rule.sections?.length && depth(rule) <= MAX_DEPTH;
  return sound ? 'OK' : 'BAD_REQUEST';
}
