import type { JsonObject } from '../../fhir/resource.ts';

const THO = 'http://terminology.hl7.org/CodeSystem';
const coding = (system: string, code: string): JsonObject => ({ coding: [{ system, code }] });

export const practitioner = (family: string): JsonObject => ({
  resourceType: 'Practitioner',
  name: [{ family }],
});

export const patientNamed = (family: string): JsonObject => ({ resourceType: 'Patient', name: [{ family }] });

/** What a doctor measures: vitals. */
export const heartRate = (patient: string, more: JsonObject = {}): JsonObject => ({
  resourceType: 'Observation',
  status: 'final',
  category: [coding(`${THO}/observation-category`, 'vital-signs')],
  code: coding('http://loinc.org', '8867-4'),
  subject: { reference: `Patient/${patient}` },
  ...more,
});

/** What a lab finds: a report. */
export const labResult = (patient: string, more: JsonObject = {}): JsonObject => ({
  ...heartRate(patient),
  category: [coding(`${THO}/observation-category`, 'laboratory')],
  code: coding('http://loinc.org', '718-7'),
  ...more,
});

/** The patient permits `actor` everything. */
export const grantTo = (patient: string, actor: string, more: JsonObject = {}): JsonObject => ({
  resourceType: 'Consent',
  status: 'active',
  scope: coding(`${THO}/consentscope`, 'patient-privacy'),
  category: [coding('http://loinc.org', '59284-0')],
  patient: { reference: `Patient/${patient}` },
  policyRule: coding(`${THO}/v3-ActCode`, 'OPTIN'),
  provision: {
    type: 'permit',
    actor: [{ role: coding(`${THO}/v3-ParticipationType`, 'IRCP'), reference: { reference: actor } }],
  },
  ...more,
});
