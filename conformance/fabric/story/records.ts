import type { Bundle, Resource } from '../../clients/resource.ts';
import type { Secrets } from './secrets.ts';

const coded = (system: string, code: string, display: string) => ({
  coding: [{ system, code, display }],
  text: display,
});

/** A person with everything that names somebody. */
export const person = (secrets: Secrets): Resource => ({
  resourceType: 'Patient',
  active: true,
  identifier: [{ system: 'http://hospital.example/mrn', value: secrets.word() }],
  name: [{ use: 'official', family: secrets.word(), given: [secrets.word()] }],
  telecom: [
    { system: 'phone', value: '+44 20 7946 0958' },
    { system: 'email', value: `${secrets.word()}@mail.example` },
  ],
  gender: 'female',
  birthDate: '1947-11-29',
  address: [{ line: [`17 ${secrets.word()} Lane`], city: secrets.word(), postalCode: 'QX9 7ZZ' }],
  contact: [{ name: { text: secrets.word() }, telecom: [{ system: 'phone', value: '+44 20 7946 0111' }] }],
});

export const condition = (patient: string, secrets: Secrets): Resource => ({
  resourceType: 'Condition',
  clinicalStatus: {
    coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }],
  },
  code: coded('http://snomed.info/sct', '75498004', `Acute bacterial sinusitis ${secrets.word()}`),
  subject: { reference: `Patient/${patient}` },
  note: [{ text: secrets.word() }],
});

export const note = (patient: string, secrets: Secrets): Resource => ({
  resourceType: 'DocumentReference',
  status: 'current',
  subject: { reference: `Patient/${patient}` },
  description: secrets.word(),
  content: [
    {
      attachment: {
        contentType: 'text/plain',
        title: secrets.word(),
        data: Buffer.from(`She said: ${secrets.word()}`).toString('base64'),
      },
    },
  ],
});

export const medication = (patient: string, secrets: Secrets): Resource => ({
  resourceType: 'MedicationRequest',
  status: 'active',
  intent: 'order',
  medicationCodeableConcept: coded(
    'http://www.nlm.nih.gov/research/umls/rxnorm',
    '308182',
    `Amoxicillin 250 MG ${secrets.word()}`,
  ),
  subject: { reference: `Patient/${patient}` },
  dosageInstruction: [{ text: secrets.word() }],
});

/** A visit and what was found, in one transaction. */
export const visit = (patient: string, secrets: Secrets): Bundle => {
  const encounter = 'urn:uuid:0a6f6c1e-5d0f-4a54-8f0e-00000000000a';
  const post = (resource: Resource, fullUrl?: string) => ({
    ...(fullUrl !== undefined && { fullUrl }),
    resource,
    request: { method: 'POST', url: resource.resourceType },
  });
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      post(
        {
          resourceType: 'Encounter',
          status: 'finished',
          class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
          subject: { reference: `Patient/${patient}` },
          reasonCode: [{ text: secrets.word() }],
          period: { start: '2019-07-15T08:00:00Z', end: '2019-07-15T08:30:00Z' },
        },
        encounter,
      ),
      post({ ...condition(patient, secrets), encounter: { reference: encounter } }),
      post(medication(patient, secrets)),
      post(note(patient, secrets)),
    ],
  };
};
