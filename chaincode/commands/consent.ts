import type { Command, EntryValue, EntryWrite } from '../api/index.ts';
import { demand, Refusal } from '../refusal.ts';
import type { Caller } from '../rules/caller.ts';
import { checkGrants, checkPrivacyRule, mayDecide, mayWithdraw } from '../rules/consent.ts';
import { checkPlacement, moves } from '../rules/placement.ts';
import { checkOpen } from '../rules/record.ts';
import { checkVersion } from '../rules/version.ts';
import { entryKey, recordKey } from '../state/keys.ts';
import { identify } from '../work.ts';
import type { Work } from '../work.ts';
import { putInForce } from './grants.ts';
import { buryEntry, storeEntry } from './store.ts';
import type { InForce } from './store.ts';

type Of<N extends Command['fn']> = Extract<Command, { fn: N }>;

/** The patient of a Consent to be written; BAD_SECTION when it is something else. */
export function consentPatient(entry: EntryWrite): string {
  demand(checkPlacement(entry));
  if (entry.type !== 'Consent' || entry.patient === undefined) throw new Refusal('BAD_SECTION');
  return entry.patient;
}

/** What the patient decides by writing a Consent: who may, and which version it follows. */
async function decide(work: Work, caller: Caller, entry: EntryWrite): Promise<EntryValue | undefined> {
  const patient = consentPatient(entry);
  demand(mayDecide(caller, await work.draft.get(recordKey(patient))));
  const old = await work.draft.get(entryKey(entry.type, entry.id));
  if (old && moves(old, entry)) throw new Refusal('OWNER_CHANGED');
  demand(checkVersion(entry.version, old));
  return old;
}

async function enforce(
  work: Work,
  caller: Caller,
  entry: EntryWrite,
  rules: Parameters<typeof putInForce>[4],
  inForce: InForce,
): Promise<void> {
  const old = await decide(work, caller, entry);
  await putInForce(work.draft, consentPatient(entry), entry.id, old, rules);
  await storeEntry(work, caller, entry, old, inForce);
}

/** GrantAccess: an active Consent, and its rules in force in place of those it had. */
export async function grantAccess(work: Work, { consent }: Of<'GrantAccess'>): Promise<void> {
  const caller = await identify(work);
  const { entry, grants } = consent;
  demand(checkGrants(grants));
  await enforce(work, caller, entry, { grants }, { grantees: Object.keys(grants) });
}

/** EditPrivacy: an active Consent that names no actor; what it covers is not private. */
export async function editPrivacy(work: Work, { entry, rule }: Of<'EditPrivacy'>): Promise<void> {
  const caller = await identify(work);
  demand(checkPrivacyRule(rule));
  await enforce(work, caller, entry, { privacy: rule }, { privacy: true });
}

/** Who asked by a Consent takes it back or changes it, before the patient has decided. */
async function withdraw(work: Work, caller: Caller, old: EntryValue): Promise<void> {
  demand(mayWithdraw(caller, old));
  demand(checkOpen(old.patient === undefined ? undefined : await work.draft.get(recordKey(old.patient))));
}

/** RevokeAccess: a Consent that is no longer active, or none; its rules are out of force. */
export async function revokeAccess(work: Work, { entry, remove }: Of<'RevokeAccess'>): Promise<void> {
  const caller = await identify(work);
  if ((entry === undefined) === (remove === undefined)) throw new Refusal('BAD_REQUEST');
  if (remove) return removeConsent(work, caller, remove);
  if (!entry) return;
  if (caller.role === 'patient') return enforce(work, caller, entry, {}, {});
  consentPatient(entry);
  const old = await work.draft.get(entryKey(entry.type, entry.id));
  if (!old) throw new Refusal('NOT_FOUND');
  await withdraw(work, caller, old);
  if (moves(old, entry)) throw new Refusal('OWNER_CHANGED');
  demand(checkVersion(entry.version, old));
  await storeEntry(work, caller, entry, old);
}

/** Deletes a Consent and takes its rules out of force: by its patient, or by who asked and was not answered. */
export async function removeConsent(
  work: Work,
  caller: Caller,
  name: { type: string; id: string; version?: number },
): Promise<void> {
  if (name.type !== 'Consent') throw new Refusal('BAD_SECTION');
  const old = await work.draft.get(entryKey(name.type, name.id));
  if (old?.patient === undefined) throw new Refusal('NOT_FOUND');
  if (caller.role === 'patient') demand(mayDecide(caller, await work.draft.get(recordKey(old.patient))));
  else await withdraw(work, caller, old);
  if (!old.content) throw new Refusal('NOT_FOUND');
  demand(checkVersion(name.version, old));
  await putInForce(work.draft, old.patient, old.id, old, {});
  await buryEntry(work, caller, old);
}
