import { LAB_SECTIONS, evaluateRules, type Home, type Requester } from '@fhir-fabric-gateway/chaincode/api';
import type { Facet, IndexReader } from '../index-store/port.ts';
import { FhirError, consentRequired, forbidden, notFound } from '../fhir/errors.ts';
import type { Principal } from '../principal.ts';

/** What a write is about: where the resource lives, and what rules look at, in the old version and in the new. */
export interface WriteSubject {
  type: string;
  home: Home;
  patient?: string;
  facets: readonly Facet[];
  /** A Consent that asks the patient (status proposed): needs no grant. */
  asks?: boolean;
  /** A Task's requester, owner, performers: `Practitioner/1`, `Organization/2`. */
  parties?: readonly string[];
}

const PATIENT_TYPES = ['Patient', 'Consent', 'Task', 'Communication'];

function neverWrites({ role, person, organization }: Requester, subject: WriteSubject): boolean {
  if (subject.home === 'definitional' || subject.type === 'AuditEvent') return true;
  if (subject.home === 'administrative') return role !== 'hr' && role !== 'researcher';
  if (subject.home === 'directory') return role !== 'hr' && role !== 'system';
  if (subject.home === 'attached') return role !== 'doctor' && role !== 'lab' && role !== 'system';
  const isParty = subject.parties?.some((party) => party === person || party === organization) === true;
  switch (role) {
    case 'patient':
      return !PATIENT_TYPES.includes(subject.type);
    case 'doctor':
      return subject.facets.some((facet) => facet.section === 'personal');
    case 'lab':
      return subject.facets.some(
        (facet) =>
          !LAB_SECTIONS.includes(facet.section) &&
          !(facet.type === 'Task' && isParty) &&
          !(facet.section === 'consent' && subject.asks),
      );
    case 'system':
      return false;
    case 'hr':
    case 'researcher':
      return true;
  }
}

/**
 * The gate before a write: the role, then the patient's grants, for every facet. The chaincode judges role, section,
 * grant and version again; labels and dates, which depend on content, are judged here alone.
 *
 * Errors: 403 when the role may never do it, 403 `consent-required` without a grant, 404 for another patient's record
 * to a patient, 422 when the record is not there.
 */
export async function assertMayWrite(
  principal: Principal,
  subject: WriteSubject,
  now: number,
  index: Pick<IndexReader, 'record' | 'rules'>,
): Promise<void> {
  const { role, person, organization } = principal.requester;
  if (neverWrites(principal.requester, subject))
    throw forbidden(`The role ${role} may not write this ${subject.type}.`);
  if (subject.home !== 'patient' || subject.patient === undefined) return;
  const { patient } = subject;
  if (role === 'patient') {
    if (patient !== principal.patient) throw notFound(`Patient/${patient}`);
    return;
  }
  const record = await index.record(patient);
  if (record?.status !== 'open') {
    throw new FhirError(422, {
      code: 'business-rule',
      diagnostics: `Patient/${patient} has no record here.`,
      expression: [subject.type],
    });
  }
  if (subject.asks) return;
  const grantees = [person, organization].filter((grantee) => grantee !== undefined);
  const { grants } = await index.rules(patient, grantees);
  for (const facet of subject.facets) {
    const verdict = evaluateRules(grants, {
      ...facet,
      requester: principal.requester,
      action: 'correct',
      purpose: principal.purpose,
      now,
    });
    if (verdict !== 'permit') throw consentRequired();
  }
}
