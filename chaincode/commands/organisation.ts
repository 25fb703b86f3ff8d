import type { OrganisationValue } from '../api/index.ts';
import { demand, Refusal } from '../refusal.ts';
import type { Caller } from '../rules/caller.ts';
import {
  mayAddOrganisation,
  mayChangeOrganisation,
  mayStandFor,
  parseReference,
} from '../rules/membership.ts';
import { entryKey, organisationKey, organizationClaimKey } from '../state/keys.ts';
import type { Work } from '../work.ts';

/** Makes the organisation the one that stands for its Organization, and for no other. */
async function standFor(
  { draft }: Work,
  next: OrganisationValue,
  old: OrganisationValue | undefined,
): Promise<void> {
  if (old?.organization === next.organization) return;
  const key = organizationClaimKey(next.organization);
  const reference = parseReference(next.organization);
  const entry = reference && (await draft.get(entryKey(reference.type, reference.id)));
  demand(mayStandFor(next.mspId, await draft.get(key), entry));
  if (old) draft.delete(organizationClaimKey(old.organization));
  draft.put(key, {
    kind: 'unique',
    organisation: '*',
    criteria: next.organization,
    holder: `organisation/${next.mspId}`,
  });
}

/** A new member of the network, brought in by the founder; at bootstrap the founder itself. */
export async function addOrganisation(work: Work, caller: Caller, next: OrganisationValue): Promise<void> {
  demand(mayAddOrganisation(caller, next));
  if (await work.draft.get(organisationKey(next.mspId))) throw new Refusal('EXISTS');
  await standFor(work, next, undefined);
  work.draft.put(organisationKey(next.mspId), next);
}

export async function changeOrganisation(work: Work, caller: Caller, next: OrganisationValue): Promise<void> {
  const old = await work.draft.get(organisationKey(next.mspId));
  if (!old) return addOrganisation(work, caller, next);
  demand(mayChangeOrganisation(caller, old, next));
  await standFor(work, next, old);
  work.draft.put(organisationKey(next.mspId), { ...next, ...(old.founder && { founder: true }) });
}
