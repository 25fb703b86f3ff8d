import { actorMatches, evaluateRules } from '../api/index.ts';
import type {
  AccessRequest,
  EntryValue,
  OutcomeCode,
  RecordValue,
  Rule,
  RulesByConsent,
} from '../api/index.ts';
import { ownOrganisation, ownsRecord, requesterOf, sameIdentity } from './caller.ts';
import type { Caller } from './caller.ts';
import { checkOpen } from './record.ts';

export interface ReadRequest {
  caller: Caller;
  entry: EntryValue;
  record?: RecordValue | undefined;
  /** The grants held for the caller's person, for its organisation and for everyone. */
  grants: readonly RulesByConsent[];
  /** What is not private. */
  privacy: RulesByConsent;
  purpose: string;
  now: number;
}

const allRules = (maps: readonly RulesByConsent[]): Rule[] =>
  maps.flatMap((consents) => Object.values(consents));

/** A Consent is seen by who asked for it and, while it is in force, by those that it names. */
function seesConsent({ caller, entry, grants }: ReadRequest): boolean {
  if (sameIdentity(entry.author, caller)) return true;
  const requester = requesterOf(caller);
  const named = entry.grantees?.some((name) => name === requester.person || name === requester.organization);
  if (!named) return false;
  return grants.some((consents) => {
    const rule = Object.hasOwn(consents, entry.id) ? consents[entry.id] : undefined;
    return rule?.actors?.some((actor) => actorMatches(actor, requester)) ?? rule !== undefined;
  });
}

function staffReads(request: ReadRequest): boolean {
  const { caller, entry } = request;
  if (entry.section === undefined) return false;
  if (entry.section === 'consent') return seesConsent(request);
  const asked: AccessRequest = {
    requester: requesterOf(caller),
    action: 'access',
    purpose: request.purpose,
    now: request.now,
    type: entry.type,
    section: entry.section,
    labels: entry.labels ?? [],
    date: undefined,
  };
  const granted = evaluateRules(allRules(request.grants), asked);
  if (granted !== 'none') return granted === 'permit';
  // What is not private opens more; an exception from it takes nothing away from a grant.
  const isPerson = caller.role === 'doctor' || caller.role === 'lab';
  return isPerson && evaluateRules(allRules([request.privacy]), asked) === 'permit';
}

function readsShared(caller: Caller, entry: EntryValue): boolean {
  if (entry.home === 'directory') return true;
  if (!ownOrganisation(caller, entry)) return false;
  if (entry.home === 'administrative') return caller.role === 'hr' || caller.role === 'researcher';
  return caller.role === 'doctor' || caller.role === 'lab' || caller.role === 'system';
}

/** Whether the caller may read an entry: FORBIDDEN for the role, NOT_GRANTED, or NOT_FOUND or ERASED for the record. */
export function mayRead(request: ReadRequest): OutcomeCode {
  const { caller, entry, record } = request;
  if (entry.home !== 'patient') return readsShared(caller, entry) ? 'OK' : 'FORBIDDEN';
  if (caller.role === 'researcher') return 'FORBIDDEN';
  if (caller.role === 'hr' && (entry.section !== 'personal' || record?.home !== caller.mspId))
    return 'FORBIDDEN';
  const open = checkOpen(record);
  if (open !== 'OK' || !record) return open === 'OK' ? 'NOT_FOUND' : open;
  if (caller.role === 'hr') return 'OK';
  if (caller.role === 'patient') return ownsRecord(caller, record) ? 'OK' : 'FORBIDDEN';
  return staffReads(request) ? 'OK' : 'NOT_GRANTED';
}
