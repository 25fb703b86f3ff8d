import type { WriteSubject } from '../../consent/writes.ts';
import type { StoredResource } from '../../index-store/port.ts';
import type { Principal } from '../../principal.ts';
import type { JsonObject, Resource } from '../resource.ts';
import type { PreparedWrite } from './prepare.ts';

const CLINICAL_SCOPES = ['treatment', 'adr'];

/** Consents about treatment are clinical documents; the others are between the patient and who asks. */
function isClinical(consent: Resource): boolean {
  const codings = ((consent['scope'] as JsonObject | undefined)?.['coding'] ?? []) as JsonObject[];
  return codings.some((coding) => CLINICAL_SCOPES.includes(String(coding['code'])));
}

/** What the gate judges when this is written as new. */
export function subjectOfNew(write: PreparedWrite): WriteSubject {
  const { home, patient, facets } = write.classification;
  const asks = write.type === 'Consent' && !isClinical(write.body.resource);
  return { type: write.type, home, facets, ...(patient !== undefined && { patient }), ...(asks && { asks }) };
}

/** What the gate judges of the version that is there: an asking Consent is its author's to change. */
export function subjectOfStored(stored: StoredResource, principal: Principal): WriteSubject {
  const asks =
    stored.type === 'Consent' &&
    stored.author.mspId === principal.identity.mspId &&
    stored.author.pseudonym === principal.identity.pseudonym;
  const { type, home, patient, facets } = stored;
  return { type, home, facets, ...(patient !== undefined && { patient }), ...(asks && { asks }) };
}
