import type { JsonObject } from '../fhir/resource.ts';

export const heartRate = (patient: string, more: JsonObject = {}): JsonObject => ({
  resourceType: 'Observation',
  status: 'final',
  category: [
    {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' }],
    },
  ],
  code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }] },
  subject: { reference: `Patient/${patient}` },
  ...more,
});

export const transaction = (...entry: JsonObject[]): JsonObject => ({
  resourceType: 'Bundle',
  type: 'transaction',
  entry,
});
export const post = (resource: JsonObject, more: JsonObject = {}): JsonObject => ({
  resource,
  request: { method: 'POST', url: String(resource['resourceType']), ...more },
});

export const coding = (system: string, code: string): JsonObject => ({ coding: [{ system, code }] });

export const grantTo = (patient: string, actor: string): JsonObject => ({
  resourceType: 'Consent',
  status: 'active',
  scope: coding('http://terminology.hl7.org/CodeSystem/consentscope', 'patient-privacy'),
  category: [coding('http://loinc.org', '59284-0')],
  patient: { reference: `Patient/${patient}` },
  policyRule: coding('http://terminology.hl7.org/CodeSystem/v3-ActCode', 'OPTIN'),
  provision: {
    type: 'permit',
    actor: [
      {
        role: coding('http://terminology.hl7.org/CodeSystem/v3-ParticipationType', 'IRCP'),
        reference: { reference: actor },
      },
    ],
  },
});
