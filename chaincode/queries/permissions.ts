import type { Permissions, Requester } from '../api/index.ts';
import { grantsOf } from '../access.ts';
import { demand, Refusal } from '../refusal.ts';
import { ownsRecord, requesterOf } from '../rules/caller.ts';
import type { Caller } from '../rules/caller.ts';
import { parseReference } from '../rules/membership.ts';
import { mayAskPermissions, permissionsOf } from '../rules/permissions.ts';
import { checkOpen } from '../rules/record.ts';
import { entryKey, organisationKey, privacyKey, recordKey } from '../state/keys.ts';
import type { Work } from '../work.ts';

/** Whom a grantee's reference means: an organisation's systems, or a person at work for the directory's organisation. */
async function granteeAsRequester({ draft }: Work, caller: Caller, grantee: string): Promise<Requester> {
  if (grantee === caller.fhirUser) return requesterOf(caller);
  if (grantee === caller.organization || grantee.startsWith('Organization/')) {
    return { role: 'system', organization: grantee };
  }
  const reference = parseReference(grantee);
  const entry = reference && (await draft.get(entryKey(reference.type, reference.id)));
  const organisation = entry && (await draft.get(organisationKey(entry.organisation)));
  const role = !organisation || organisation.roles.includes('doctor') ? 'doctor' : 'lab';
  return {
    role,
    ...(reference && { person: grantee }),
    ...(organisation && { organization: organisation.organization }),
  };
}

/** CheckPermissions: what the rules on the ledger let `grantee` do in each section of the patient's record. */
export async function checkPermissions(
  work: Work,
  caller: Caller,
  { patient, grantee }: { patient: string; grantee: string },
): Promise<Permissions> {
  if (!mayAskPermissions(caller, patient, grantee)) throw new Refusal('FORBIDDEN');
  const record = await work.draft.get(recordKey(patient));
  demand(checkOpen(record));
  if (caller.role === 'patient' && !(record && ownsRecord(caller, record))) throw new Refusal('FORBIDDEN');
  const requester = await granteeAsRequester(work, caller, grantee);
  const grants = await grantsOf(work, patient, requester);
  return permissionsOf({
    requester,
    role: requester.role,
    grants: grants.flatMap((consents) => Object.values(consents)),
    privacy: Object.values((await work.draft.get(privacyKey(patient)))?.consents ?? {}),
    purpose: work.purpose,
    now: work.now,
  });
}
