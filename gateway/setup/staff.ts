import type { EntryWrite } from '@fhir-fabric-gateway/chaincode/api';
import type { OrganisationSettings } from '../organisations.ts';
import type { Resource } from '../fhir/resource.ts';
import { assertValid } from '../fhir/write/draft.ts';
import { prepareWrite } from '../fhir/write/prepare.ts';
import type { Services } from '../services.ts';

export interface Colleague {
  role: 'doctor' | 'lab' | 'hr';
  given: string;
  family: string;
  email: string;
}

const CODES = 'http://terminology.hl7.org/CodeSystem/practitioner-role';
const WORK = {
  doctor: { coding: [{ system: CODES, code: 'doctor' }], text: 'Doctor' },
  lab: { text: 'Laboratory staff' },
  hr: { text: 'HR' },
};

/**
 * The directory's entries for somebody who works at an organisation: a Practitioner, and a PractitionerRole there.
 * Throws a FhirError 400 or 422 for a name that can be none.
 */
export function staffEntries(
  { role, given, family, email }: Colleague,
  { organization, name }: OrganisationSettings,
  services: Pick<Services, 'fhirBase' | 'policyUris' | 'labeller' | 'newId' | 'validate'>,
): { practitioner: string; entries: EntryWrite[] } {
  const practitioner = services.newId();
  const entry = (resource: Resource, id: string): EntryWrite => {
    assertValid(resource, services);
    return { ...prepareWrite({ resource }, id, services).entry, version: 0 };
  };
  const person: Resource = {
    resourceType: 'Practitioner',
    active: true,
    name: [{ family, given: [given] }],
    telecom: [{ system: 'email', value: email, use: 'work' }],
  };
  const place: Resource = {
    resourceType: 'PractitionerRole',
    active: true,
    practitioner: { reference: `Practitioner/${practitioner}` },
    organization: { reference: `Organization/${organization}`, display: name },
    code: [WORK[role]],
  };
  return { practitioner, entries: [entry(person, practitioner), entry(place, services.newId())] };
}
