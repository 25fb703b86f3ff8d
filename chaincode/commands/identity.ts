import type { IdentityValue } from '../api/index.ts';
import { demand, Refusal } from '../refusal.ts';
import { sameIdentity } from '../rules/caller.ts';
import type { Caller } from '../rules/caller.ts';
import { mayBePatient, mayBePractitioner, mayRegister, parseReference } from '../rules/membership.ts';
import { entryKey, identityKey, organisationKey, recordKey } from '../state/keys.ts';
import type { Draft } from '../state/overlay.ts';
import type { Work } from '../work.ts';

/** Makes a patient's identity the owner of the record that it names. */
async function own(draft: Draft, identity: IdentityValue, patient: string): Promise<void> {
  const record = await draft.get(recordKey(patient));
  const owner =
    record?.owner === undefined ? undefined : await draft.get(identityKey(record.home, record.owner));
  demand(mayBePatient(identity, record, owner));
  if (record && record.owner !== identity.pseudonym) {
    draft.put(recordKey(patient), { ...record, owner: identity.pseudonym });
  }
}

/** The record of whoever this identity was, when it is no longer that patient. */
async function disown(draft: Draft, old: IdentityValue): Promise<void> {
  const reference = old.role === 'patient' ? parseReference(old.fhirUser) : undefined;
  const record = reference && (await draft.get(recordKey(reference.id)));
  if (record?.home !== old.mspId || record.owner !== old.pseudonym) return;
  const { owner: _owner, ...rest } = record;
  draft.put(recordKey(record.patient), rest);
}

/** Registers an identity, or changes one: its role, its resource, whether it is active. */
export async function registerIdentity(
  work: Work,
  caller: Caller,
  identity: IdentityValue,
  act: 'create' | 'update',
): Promise<void> {
  const { draft } = work;
  demand(mayRegister(caller, await draft.get(organisationKey(caller.mspId)), identity));
  const key = identityKey(identity.mspId, identity.pseudonym);
  const old = await draft.get(key);
  if (old && act === 'create') throw new Refusal('EXISTS');
  if (old && (old.role !== identity.role || old.fhirUser !== identity.fhirUser)) await disown(draft, old);
  const reference = parseReference(identity.fhirUser);
  // An account can be closed whatever became of the record or the Practitioner that it was for.
  if (reference && identity.status === 'active') {
    if (identity.role === 'patient') await own(draft, identity, reference.id);
    else demand(mayBePractitioner(identity.mspId, await draft.get(entryKey(reference.type, reference.id))));
  }
  draft.put(key, identity);
}

/** An HR or system certificate that its organisation doesn't know yet registers itself, in the role it has. */
export async function registersItself(
  { draft }: Work,
  caller: Caller,
  identity: IdentityValue,
): Promise<boolean> {
  if (!sameIdentity(caller, identity) || caller.role !== identity.role) return false;
  return (await draft.get(identityKey(identity.mspId, identity.pseudonym))) === undefined;
}
