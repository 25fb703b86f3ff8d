import type { Command, EntryValue, RecordValue } from '../api/index.ts';
import { demand, Refusal } from '../refusal.ts';
import type { Caller } from '../rules/caller.ts';
import { mayErase } from '../rules/record.ts';
import {
  entryKey,
  grantKey,
  identityKey,
  organisationKey,
  privacyKey,
  recordKey,
  uniqueKey,
  versionKey,
} from '../state/keys.ts';
import type { Key } from '../state/keys.ts';
import type { Draft } from '../state/overlay.ts';
import type { Work } from '../work.ts';

type Erase = NonNullable<Extract<Command, { fn: 'DeleteAsset' }>['erase']>;

/** No entry has as many versions; it keeps a claim in the arguments from becoming an endless loop. */
const MAX_VERSIONS = 10_000;

async function purgeIfThere(draft: Draft, key: Key): Promise<void> {
  if (await draft.get(key)) draft.purge(key);
}

function demandOwner(patient: string, entry: EntryValue): void {
  if (entry.patient !== patient) throw new Refusal('FORBIDDEN');
}

async function purgeUnique(draft: Draft, entry: EntryValue): Promise<void> {
  for (const criteria of entry.unique ?? [])
    await purgeIfThere(draft, uniqueKey(entry.organisation, criteria));
}

/** Purges an entry and its versions. When the entry is gone, the versions that were left are looked at one by one. */
async function purgeEntry(
  draft: Draft,
  patient: string,
  type: string,
  id: string,
  versions: number,
): Promise<void> {
  if (versions > MAX_VERSIONS) throw new Refusal('BAD_REQUEST');
  const entry = await draft.get(entryKey(type, id));
  if (entry) {
    demandOwner(patient, entry);
    await purgeUnique(draft, entry);
    draft.purge(entryKey(type, id));
    // Nothing but this entry wrote them, and whoever adds one writes the entry too.
    for (let number = 1; number < entry.version; number++) draft.purge(versionKey(type, id, number));
    return;
  }
  for (let number = 1; number <= versions; number++) {
    const version = await draft.get(versionKey(type, id, number));
    if (!version) continue;
    demandOwner(patient, version);
    draft.purge(versionKey(type, id, number));
  }
}

async function purgeNamed(draft: Draft, { patient, entries, grantees }: Erase): Promise<void> {
  for (const { type, id, versions } of entries ?? []) await purgeEntry(draft, patient, type, id, versions);
  for (const grantee of grantees ?? []) await purgeIfThere(draft, grantKey(patient, grantee));
}

/** Whose account it was can no longer log in, and no longer says which Patient it was. */
async function closeAccount(draft: Draft, { home, owner }: RecordValue): Promise<void> {
  const key = owner === undefined ? undefined : identityKey(home, owner);
  const identity = key && (await draft.get(key));
  if (!key || !identity) return;
  const { fhirUser: _fhirUser, ...rest } = identity;
  draft.put(key, { ...rest, status: 'disabled' });
}

/** Purges every grant and Consent that one leads to: a grant names Consents, and each of those its grantees. */
async function purgeConsents(draft: Draft, patient: string, start: readonly string[]): Promise<void> {
  const privacy = await draft.get(privacyKey(patient));
  const consents = Object.keys(privacy?.consents ?? {});
  const grantees = [...start];
  const seen = new Set<string>();
  if (privacy) draft.purge(privacyKey(patient));
  for (;;) {
    const grantee = grantees.pop();
    if (grantee !== undefined) {
      const grant = seen.has(grantee) ? undefined : await draft.get(grantKey(patient, grantee));
      seen.add(grantee);
      if (grant) draft.purge(grantKey(patient, grantee));
      consents.push(...Object.keys(grant?.consents ?? {}));
      continue;
    }
    const consent = consents.pop();
    if (consent === undefined) return;
    grantees.push(...((await draft.get(entryKey('Consent', consent)))?.grantees ?? []));
    await purgeEntry(draft, patient, 'Consent', consent, 0);
  }
}

/** Purges what can be found without being named: a range query would forbid writing in the same transaction. */
async function finish(draft: Draft, record: RecordValue): Promise<void> {
  const { patient, home } = record;
  if (record.status === 'erased') return;
  await purgeEntry(draft, patient, 'Patient', patient, 0);
  const organisation = await draft.get(organisationKey(home));
  await purgeConsents(draft, patient, ['*', ...(organisation ? [organisation.organization] : [])]);
  await closeAccount(draft, record);
  const { owner: _owner, everyone: _everyone, ...rest } = record;
  draft.put(recordKey(patient), { ...rest, status: 'erased' });
}

/**
 * A step of erasing a record: `begin` makes every racing write fail, `purge` takes the named keys out of the private
 * data for ever, `finish` takes those it is told and those it can find itself, closes the patient's account and leaves a
 * record that says no more than that it was. Each can be repeated; what is found later, by the projector of any member,
 * is purged by one more `purge`.
 */
export async function eraseRecord(work: Work, caller: Caller, erase: Erase): Promise<void> {
  const { draft } = work;
  const { patient, step } = erase;
  const record = await draft.get(recordKey(patient));
  demand(mayErase(caller, record, step));
  if (!record) throw new Refusal('NOT_FOUND');
  if (step === 'begin') {
    if (erase.entries ?? erase.grantees) throw new Refusal('BAD_REQUEST');
    if (record.status === 'open') draft.put(recordKey(patient), { ...record, status: 'erasing' });
    return;
  }
  await purgeNamed(draft, erase);
  if (step === 'finish') await finish(draft, record);
}
