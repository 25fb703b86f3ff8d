import type { EntryValue } from '../api/index.ts';
import { mayReadEntry } from '../access.ts';
import { demand, Refusal } from '../refusal.ts';
import type { Caller } from '../rules/caller.ts';
import { entryKey, versionKey } from '../state/keys.ts';
import type { Work } from '../work.ts';

type Name = { type: string; id: string };

/** QueryAsset: the current version; NOT_FOUND for a tombstone. */
export async function queryAsset(work: Work, caller: Caller, { type, id }: Name): Promise<EntryValue> {
  const entry = await work.draft.get(entryKey(type, id));
  if (!entry) throw new Refusal('NOT_FOUND');
  demand(await mayReadEntry(work, caller, entry));
  if (!entry.content) throw new Refusal('NOT_FOUND');
  return entry;
}

/** QueryAllAssets: those of the named entries that are there and that the caller may read. */
export async function queryAllAssets(
  work: Work,
  caller: Caller,
  names: readonly Name[],
): Promise<EntryValue[]> {
  const found: EntryValue[] = [];
  for (const { type, id } of names) {
    const entry = await work.draft.get(entryKey(type, id));
    if (entry?.content && (await mayReadEntry(work, caller, entry)) === 'OK') found.push(entry);
  }
  return found;
}

/** AssetExists: false, too, for what the caller may not read. */
export async function assetExists(work: Work, caller: Caller, name: Name): Promise<boolean> {
  return (await queryAllAssets(work, caller, [name])).length > 0;
}

/** GetAssetHistory, newest first. A version is visible only if both it and the current one are. */
export async function getAssetHistory(work: Work, caller: Caller, { type, id }: Name): Promise<EntryValue[]> {
  const current = await work.draft.get(entryKey(type, id));
  if (!current) throw new Refusal('NOT_FOUND');
  demand(await mayReadEntry(work, caller, current));
  const history = [current];
  for (let number = current.version - 1; number > 0; number--) {
    const version = await work.draft.get(versionKey(type, id, number));
    if (version && (await mayReadEntry(work, caller, version)) === 'OK') history.push(version);
  }
  return history;
}
