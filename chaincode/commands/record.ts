import type { Command } from '../api/index.ts';
import { demand, Refusal } from '../refusal.ts';
import { checkGrants, checkOpeningGrants } from '../rules/consent.ts';
import { checkPlacement } from '../rules/placement.ts';
import { mayOpenRecord } from '../rules/record.ts';
import { checkVersion } from '../rules/version.ts';
import { entryKey, recordKey } from '../state/keys.ts';
import { identify } from '../work.ts';
import type { Work } from '../work.ts';
import { consentPatient } from './consent.ts';
import { putInForce } from './grants.ts';
import { storeEntry } from './store.ts';

/**
 * CreateMedicalRecord: a system opens a record, whose home its organisation becomes, with the Patient and a first
 * grant to its organisation's systems.
 */
export async function createMedicalRecord(
  work: Work,
  { entry, consent }: Extract<Command, { fn: 'CreateMedicalRecord' }>,
): Promise<void> {
  const caller = await identify(work);
  demand(checkPlacement(entry));
  if (entry.type !== 'Patient' || entry.patient !== entry.id) throw new Refusal('BAD_SECTION');
  const patient = entry.id;
  const { draft } = work;
  demand(
    mayOpenRecord(caller, await draft.get(recordKey(patient)), await draft.get(entryKey('Patient', patient))),
  );
  demand(checkVersion(entry.version, undefined));
  draft.put(recordKey(patient), {
    kind: 'record',
    patient,
    home: caller.mspId,
    status: 'open',
    created: work.now,
    everyone: false,
  });
  await storeEntry(work, caller, entry, undefined);
  if (!consent) return;
  if (consentPatient(consent.entry) !== patient) throw new Refusal('OWNER_CHANGED');
  demand(checkGrants(consent.grants));
  demand(checkOpeningGrants(consent.grants, caller.organization));
  if (await draft.get(entryKey('Consent', consent.entry.id))) throw new Refusal('EXISTS');
  demand(checkVersion(consent.entry.version, undefined));
  await putInForce(draft, patient, consent.entry.id, undefined, { grants: consent.grants });
  await storeEntry(work, caller, consent.entry, undefined, { grantees: Object.keys(consent.grants) });
}
