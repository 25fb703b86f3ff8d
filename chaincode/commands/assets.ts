import type { Asset, Command } from '../api/index.ts';
import { Refusal } from '../refusal.ts';
import type { Caller } from '../rules/caller.ts';
import { identify, identifyMember } from '../work.ts';
import type { Work } from '../work.ts';
import { writeAnchor } from './anchor.ts';
import { bootstrap } from './bootstrap.ts';
import { removeConsent } from './consent.ts';
import { createEntry, removeEntry, updateEntry } from './entry.ts';
import { eraseRecord } from './erase.ts';
import { registerIdentity, registersItself } from './identity.ts';
import { addOrganisation, changeOrganisation } from './organisation.ts';

function createAsset(work: Work, caller: Caller, asset: Asset): Promise<void> {
  switch (asset.kind) {
    case 'entry':
      return createEntry(work, caller, asset.entry);
    case 'identity':
      return registerIdentity(work, caller, asset, 'create');
    case 'organisation':
      return addOrganisation(work, caller, asset);
    case 'anchor':
      return writeAnchor(work, caller, asset);
  }
}

/** CreateAssets: entries, identities, organisations and anchors that were not there. */
export async function createAssets(
  work: Work,
  { assets }: Extract<Command, { fn: 'CreateAssets' }>,
): Promise<void> {
  const founding = !work.draft.founded();
  if (founding) await bootstrap(work, assets);
  let caller: Caller | undefined;
  for (const asset of assets) {
    if (founding && asset.kind === 'organisation') continue;
    if (!caller && asset.kind === 'identity') {
      const member = await identifyMember(work);
      if (await registersItself(work, member, asset)) {
        await registerIdentity(work, member, asset, 'create');
        continue;
      }
    }
    caller ??= await identify(work);
    await createAsset(work, caller, asset);
  }
}

/** UpdateAsset: the next version of an entry, or another state of an identity or organisation. */
export async function updateAsset(
  work: Work,
  { asset }: Extract<Command, { fn: 'UpdateAsset' }>,
): Promise<void> {
  const caller = await identify(work);
  switch (asset.kind) {
    case 'entry':
      return updateEntry(work, caller, asset.entry);
    case 'identity':
      return registerIdentity(work, caller, asset, 'update');
    case 'organisation':
      return changeOrganisation(work, caller, asset);
    case 'anchor':
      throw new Refusal('FORBIDDEN');
  }
}

/** DeleteAsset: an entry, or a step of erasing a whole record. */
export async function deleteAsset(
  work: Work,
  { remove, erase }: Extract<Command, { fn: 'DeleteAsset' }>,
): Promise<void> {
  const caller = await identify(work);
  if ((remove === undefined) === (erase === undefined)) throw new Refusal('BAD_REQUEST');
  if (erase) await eraseRecord(work, caller, erase);
  else if (remove?.type === 'Consent') await removeConsent(work, caller, remove);
  else if (remove) await removeEntry(work, caller, remove);
}
