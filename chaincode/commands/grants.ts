import type { EntryValue, GrantValue, PrivacyValue, Rule, RulesByConsent } from '../api/index.ts';
import { grantKey, privacyKey, recordKey } from '../state/keys.ts';
import type { Draft } from '../state/overlay.ts';

/** The map with the Consent's rule replaced, or taken out when there is none. */
function replaced(
  consents: RulesByConsent | undefined,
  consent: string,
  rule: Rule | undefined,
): RulesByConsent {
  const others = Object.entries(consents ?? {}).filter(([id]) => id !== consent);
  return Object.fromEntries(rule ? [...others, [consent, rule]] : others);
}

async function setGrant(
  draft: Draft,
  patient: string,
  grantee: string,
  consent: string,
  rule: Rule | undefined,
) {
  const key = grantKey(patient, grantee);
  const consents = replaced((await draft.get(key))?.consents, consent, rule);
  const value: GrantValue = { kind: 'grant', patient, grantee, consents };
  if (Object.keys(consents).length > 0) draft.put(key, value);
  else draft.delete(key);
  if (grantee === '*') await noteEveryone(draft, patient);
}

/** From now on whoever needs a grant reads what is kept for everyone, and not only for them. */
async function noteEveryone(draft: Draft, patient: string): Promise<void> {
  const record = await draft.get(recordKey(patient));
  if (record?.everyone === false) draft.put(recordKey(patient), { ...record, everyone: true });
}

async function setPrivacy(draft: Draft, patient: string, consent: string, rule: Rule | undefined) {
  const key = privacyKey(patient);
  const consents = replaced((await draft.get(key))?.consents, consent, rule);
  const value: PrivacyValue = { kind: 'privacy', patient, consents };
  if (Object.keys(consents).length > 0) draft.put(key, value);
  else draft.delete(key);
}

/** Puts the rules of a Consent in force in place of those that its last version had; without rules, takes them out. */
export async function putInForce(
  draft: Draft,
  patient: string,
  consent: string,
  old: EntryValue | undefined,
  now: { grants?: Readonly<Record<string, Rule>>; privacy?: Rule },
): Promise<void> {
  const grants = now.grants ?? {};
  const dropped = (old?.grantees ?? []).filter((grantee) => !Object.hasOwn(grants, grantee));
  for (const grantee of dropped) await setGrant(draft, patient, grantee, consent, undefined);
  for (const [grantee, rule] of Object.entries(grants))
    await setGrant(draft, patient, grantee, consent, rule);
  if (now.privacy ?? old?.privacy) await setPrivacy(draft, patient, consent, now.privacy);
}
