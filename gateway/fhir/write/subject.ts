import { taskParties } from '@fhir-fabric-gateway/mappings';
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

const WITHDRAWN = ['inactive', 'rejected', 'entered-in-error'];

/** A Consent that asks the patient and says nothing else; `withdraws`: one that takes such a question back. */
function isQuestion({ type, body, classification }: PreparedWrite, withdraws: boolean): boolean {
  const status = String(body.resource['status']);
  return (
    type === 'Consent' &&
    !isClinical(body.resource) &&
    classification.facets.length === 1 &&
    (status === 'proposed' || (withdraws && WITHDRAWN.includes(status)))
  );
}

/** What the gate judges when this is written: as new, or in the place of a version. */
export function subjectOfNew(write: PreparedWrite, replaces = false): WriteSubject {
  const { home, patient, facets } = write.classification;
  const asks = isQuestion(write, replaces);
  return {
    type: write.type,
    home,
    facets,
    ...(patient !== undefined && { patient }),
    ...(asks && { asks }),
    ...(write.type === 'Task' && { parties: taskParties(write.body.resource) }),
  };
}

/** What the gate judges of the version that is there: a question is its author's to change. */
export function subjectOfStored(stored: StoredResource, principal: Principal): WriteSubject {
  const { type, home, patient, facets, author } = stored;
  const own = author.mspId === principal.identity.mspId && author.pseudonym === principal.identity.pseudonym;
  const readable =
    !stored.deleted && (type === 'Consent' || type === 'Task') ? parseStored(stored) : undefined;
  const asks =
    type === 'Consent' && own && facets.length <= 1 && readable !== undefined && !isClinical(readable);
  return {
    type,
    home,
    facets,
    ...(patient !== undefined && { patient }),
    ...(asks && { asks }),
    ...(type === 'Task' && readable && { parties: taskParties(readable) }),
  };
}

const decoder = new TextDecoder();

/** A stored version as JSON. */
export function parseStored(stored: StoredResource): Resource {
  return JSON.parse(decoder.decode(stored.content)) as Resource;
}
