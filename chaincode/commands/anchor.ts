import { anchorKey } from '../api/index.ts';
import type { Asset } from '../api/index.ts';
import { Refusal } from '../refusal.ts';
import { actsForOrganisation } from '../rules/caller.ts';
import type { Caller } from '../rules/caller.ts';
import type { Work } from '../work.ts';

/** The root of a stretch of the organisation's audit log, in public state: written once, never changed. */
export async function writeAnchor(
  { draft }: Work,
  caller: Caller,
  { number, root }: Extract<Asset, { kind: 'anchor' }>,
): Promise<void> {
  if (!actsForOrganisation(caller)) throw new Refusal('FORBIDDEN');
  const key = anchorKey(caller.mspId, number);
  if ((await draft.getPublic(key)) !== undefined) throw new Refusal('EXISTS');
  draft.putPublic(key, root);
}
