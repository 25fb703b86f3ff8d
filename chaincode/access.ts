import { GRANTEE_ROLES } from './api/index.ts';
import type { EntryValue, OutcomeCode, RulesByConsent } from './api/index.ts';
import type { Caller } from './rules/caller.ts';
import type { Placement } from './rules/placement.ts';
import { mayRead } from './rules/reading.ts';
import { mayWrite } from './rules/writing.ts';
import { grantKey, privacyKey, recordKey } from './state/keys.ts';
import type { Work } from './work.ts';

/**
 * The grants that can concern someone: of the person, of the organisation, and of everyone. The last are not read where the
 * record, which is, says that there never were any: most of a write's cost on Fabric is the keys that it reads.
 */
export async function grantsOf(
  { draft }: Work,
  patient: string,
  grantees: { person?: string | undefined; organization?: string | undefined },
): Promise<RulesByConsent[]> {
  const found: RulesByConsent[] = [];
  const record = await draft.get(recordKey(patient));
  const everyone = record?.everyone === false ? undefined : '*';
  for (const grantee of [grantees.person, grantees.organization, everyone]) {
    const grant = grantee === undefined ? undefined : await draft.get(grantKey(patient, grantee));
    if (grant) found.push(grant.consents);
  }
  return found;
}

const granteesOf = ({ fhirUser, organization }: Caller) => ({ person: fhirUser, organization });

/**
 * `mayWrite` with what it needs from the ledger. Whoever needs a grant has the record read and all grant keys that can
 * concern them, so that a write that races a revocation fails at commit.
 */
export async function authorise(
  work: Work,
  caller: Caller,
  act: 'create' | 'update' | 'delete',
  old: EntryValue | undefined,
  next: Placement | undefined,
): Promise<OutcomeCode> {
  const entry = old ?? next;
  const patient = entry?.patient;
  const record = patient === undefined ? undefined : await work.draft.get(recordKey(patient));
  const grants =
    patient !== undefined && entry?.type !== 'Consent' && GRANTEE_ROLES.includes(caller.role)
      ? await grantsOf(work, patient, granteesOf(caller))
      : [];
  const rules = grants.flatMap((consents) => Object.values(consents));
  return mayWrite({ caller, act, record, old, next, rules, purpose: work.purpose, now: work.now });
}

/** `mayRead` with what it needs from the ledger. */
export async function mayReadEntry(work: Work, caller: Caller, entry: EntryValue): Promise<OutcomeCode> {
  const { patient } = entry;
  const staff = patient !== undefined && GRANTEE_ROLES.includes(caller.role);
  return mayRead({
    caller,
    entry,
    record: patient === undefined ? undefined : await work.draft.get(recordKey(patient)),
    grants: staff ? await grantsOf(work, patient, granteesOf(caller)) : [],
    privacy: (staff && (await work.draft.get(privacyKey(patient)))?.consents) || {},
    purpose: work.purpose,
    now: work.now,
  });
}
