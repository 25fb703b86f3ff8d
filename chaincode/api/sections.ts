/**
 * The sections of a patient's record: the thesis's fields, and what FHIR adds to them.
 * They are the codes of `http://fhir-fabric-gateway.org/CodeSystem/record-section`, which a Consent names in
 * `provision.code`.
 */
export const SECTIONS = [
  'personal',
  'consent',
  'bloodGroup',
  'report',
  'radio',
  'vitals',
  'symptoms',
  'allergies',
  'diagnosis',
  'treatment',
  'visits',
  'orders',
  'notes',
  'financial',
  'other',
] as const;

export type Section = (typeof SECTIONS)[number];

export const SECTION_SYSTEM = 'http://fhir-fabric-gateway.org/CodeSystem/record-section';

/** What a lab with a grant may write; besides, Tasks of its own orders and Consents with status `proposed`. */
export const LAB_SECTIONS: readonly Section[] = ['bloodGroup', 'report', 'radio'];

/** Sections that no clinician ever writes. */
export const NON_CLINICAL_SECTIONS: readonly Section[] = ['personal', 'consent'];

export function isSection(value: string): value is Section {
  return (SECTIONS as readonly string[]).includes(value);
}
