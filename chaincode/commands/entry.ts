import type { EntryWrite } from '../api/index.ts';
import { authorise } from '../access.ts';
import { demand, Refusal } from '../refusal.ts';
import type { Caller } from '../rules/caller.ts';
import { mayStandFor } from '../rules/membership.ts';
import { checkPlacement } from '../rules/placement.ts';
import { checkVersion } from '../rules/version.ts';
import { mayUpdateAsCreate } from '../rules/writing.ts';
import { entryKey, organizationClaimKey } from '../state/keys.ts';
import type { Work } from '../work.ts';
import { buryEntry, storeEntry } from './store.ts';

/** The Organization that a member stands for is written by that member alone. */
async function checkClaim(work: Work, caller: Caller, { type, id }: EntryWrite): Promise<void> {
  if (type !== 'Organization') return;
  const claim = await work.draft.get(organizationClaimKey(`Organization/${id}`));
  if (mayStandFor(caller.mspId, claim, undefined) !== 'OK') throw new Refusal('FORBIDDEN');
}

/** CreateAssets of a FHIR resource. An id is taken for ever, by a tombstone too (EXISTS). */
export async function createEntry(work: Work, caller: Caller, write: EntryWrite): Promise<void> {
  demand(checkPlacement(write));
  const old = await work.draft.get(entryKey(write.type, write.id));
  demand(await authorise(work, caller, 'create', undefined, write));
  await checkClaim(work, caller, write);
  if (old) throw new Refusal('EXISTS');
  demand(checkVersion(write.version, old));
  await storeEntry(work, caller, write, old);
}

/** UpdateAsset of a FHIR resource; of a deleted one too, which comes back as its next version. */
export async function updateEntry(work: Work, caller: Caller, write: EntryWrite): Promise<void> {
  demand(checkPlacement(write));
  const old = await work.draft.get(entryKey(write.type, write.id));
  if (!old) {
    demand(mayUpdateAsCreate(caller));
    return createEntry(work, caller, write);
  }
  demand(await authorise(work, caller, 'update', old, write));
  demand(checkVersion(write.version, old));
  await storeEntry(work, caller, write, old);
}

/** DeleteAsset of a FHIR resource other than a Consent (NOT_FOUND when there is none, or a tombstone already). */
export async function removeEntry(
  work: Work,
  caller: Caller,
  name: { type: string; id: string; version?: number },
): Promise<void> {
  const old = await work.draft.get(entryKey(name.type, name.id));
  if (!old) throw new Refusal('NOT_FOUND');
  demand(await authorise(work, caller, 'delete', old, undefined));
  if (!old.content) throw new Refusal('NOT_FOUND');
  demand(checkVersion(name.version, old));
  await buryEntry(work, caller, old);
}
