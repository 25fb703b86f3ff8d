import type { Command, ConsentWrite, EntryWrite } from '@fhir-fabric-gateway/chaincode/api';
import { firstGrant } from '@fhir-fabric-gateway/mappings';
import type { Principal } from '../../principal.ts';
import type { Services } from '../../services.ts';
import { FhirError, forbidden } from '../errors.ts';
import type { Resource } from '../resource.ts';
import { prepareWrite, type PreparedWrite } from './prepare.ts';

/** The command that creates a resource; `unique` are criteria of which the organisation may hold one. */
export function createCommand(
  write: PreparedWrite,
  principal: Principal,
  services: Services,
  unique: readonly string[] = [],
): Command {
  const entry: EntryWrite = { ...write.entry, version: 0, ...(unique.length > 0 && { unique: [...unique] }) };
  const { purpose } = principal;
  if (write.type === 'Patient')
    return { fn: 'CreateMedicalRecord', entry, consent: opening(write.id, principal, services), purpose };
  return (
    consentCommand(write, entry, principal) ?? {
      fn: 'CreateAssets',
      assets: [{ kind: 'entry', entry }],
      purpose,
    }
  );
}

/** What an update replaces: a version (0: it is not there yet), and, when they change, the criteria it claims. */
export interface Replaced {
  version: number;
  /** There was none, or a tombstone: 201. */
  created: boolean;
  unique?: readonly string[];
}

/** The command that replaces a version of a resource; as create when there is none. */
export function updateCommand(
  write: PreparedWrite,
  { version, unique }: Omit<Replaced, 'created'>,
  principal: Principal,
  services: Services,
): Command {
  if (version === 0) return createCommand(write, principal, services, unique);
  const entry: EntryWrite = { ...write.entry, version, ...(unique && { unique: [...unique] }) };
  const { purpose } = principal;
  const asConsent = consentCommand(write, entry, principal);
  if (asConsent) return asConsent;
  if (write.type === 'Consent' && principal.requester.role === 'patient')
    return { fn: 'RevokeAccess', entry, purpose };
  return { fn: 'UpdateAsset', asset: { kind: 'entry', entry }, purpose };
}

/** The command that puts a tombstone in the place of `version`. */
export function deleteCommand(type: string, id: string, version: number, principal: Principal): Command {
  const remove = { type, id, version };
  const { purpose } = principal;
  if (type === 'Consent' && principal.requester.role === 'patient')
    return { fn: 'RevokeAccess', remove, purpose };
  return { fn: 'DeleteAsset', remove, purpose };
}

/** Only the patient puts a Consent in force; the others ask. */
function consentCommand(write: PreparedWrite, entry: EntryWrite, principal: Principal): Command | undefined {
  const { consent } = write;
  if (consent?.effect !== 'grant' && consent?.effect !== 'privacy') return undefined;
  if (principal.requester.role !== 'patient') {
    throw forbidden('Only the patient puts a Consent in force; ask with status proposed.');
  }
  const { purpose } = principal;
  if (consent.effect === 'privacy') return { fn: 'EditPrivacy', entry, rule: consent.rule, purpose };
  return { fn: 'GrantAccess', consent: { entry, grants: { ...consent.grants } }, purpose };
}

/** The Consent that opening a record brings with it: to the organisation's systems, for the patient to see and revoke. */
function opening(patient: string, principal: Principal, services: Services): ConsentWrite {
  const { organization } = principal.requester;
  if (organization === undefined) {
    throw new FhirError(403, { code: 'forbidden', diagnostics: 'Only an organisation opens records.' });
  }
  const resource: Resource = firstGrant({
    patient,
    organization,
    dateTime: new Date(services.clock()).toISOString(),
  });
  const write = prepareWrite({ resource }, services.newId(), services);
  if (write.consent?.effect !== 'grant') throw new RangeError('the first grant does not compile to a grant');
  return { entry: { ...write.entry, version: 0 }, grants: { ...write.consent.grants } };
}
