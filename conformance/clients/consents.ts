import type { JsonObject, Resource } from './resource.ts';

const THO = 'http://terminology.hl7.org/CodeSystem';
const SECTIONS = 'http://fhir-fabric-gateway.org/CodeSystem/record-section';

/** Whom a Consent is for: a person, everybody of an organisation (IRCP), or its systems (CST). */
export function actor(reference: string, role: 'IRCP' | 'CST' = 'IRCP'): JsonObject {
  return {
    role: { coding: [{ system: `${THO}/v3-ParticipationType`, code: role }] },
    reference: { reference },
  };
}

export const action = (code: 'access' | 'correct'): JsonObject => ({
  coding: [{ system: `${THO}/consentaction`, code }],
});

export const section = (code: string): JsonObject => ({ coding: [{ system: SECTIONS, code }] });

export const resourceClass = (code: string): JsonObject => ({
  system: 'http://hl7.org/fhir/resource-types',
  code,
});

export const purpose = (code: string): JsonObject => ({ system: `${THO}/v3-ActReason`, code });

export const securityLabel = (code: string): JsonObject => ({ system: `${THO}/v3-Confidentiality`, code });

/** A Consent of the patient with this root provision: a permit, under OPTIN. */
export function consent(patient: string, provision: JsonObject, status = 'active'): Resource {
  return {
    resourceType: 'Consent',
    status,
    scope: { coding: [{ system: `${THO}/consentscope`, code: 'patient-privacy' }] },
    category: [{ coding: [{ system: 'http://loinc.org', code: '59284-0' }] }],
    patient: { reference: `Patient/${patient}` },
    dateTime: new Date().toISOString(),
    policyRule: { coding: [{ system: `${THO}/v3-ActCode`, code: 'OPTIN' }] },
    provision: { type: 'permit', ...provision },
  };
}

/** Grants somebody everything: access and correct. */
export const grantTo = (patient: string, reference: string, status = 'active'): Resource =>
  consent(patient, { actor: [actor(reference)] }, status);
