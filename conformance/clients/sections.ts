import { isObject, type Resource } from './resource.ts';

/** Codes of a CodeableConcept, or of several. */
export function codesOf(value: unknown): string[] {
  const concepts = Array.isArray(value) ? value : [value];
  return concepts
    .filter(isObject)
    .flatMap((concept) =>
      (Array.isArray(concept['coding']) ? concept['coding'] : [])
        .filter(isObject)
        .map(({ code }) => String(code)),
    );
}

/** Whether a resource of the exports is in one of a few sections of the record, as the README names them. */
export const IN_SECTION: Readonly<Record<string, (resource: Resource) => boolean>> = {
  personal: ({ resourceType }) => ['Patient', 'RelatedPerson'].includes(resourceType),
  diagnosis: ({ resourceType }) => resourceType === 'Condition',
  visits: ({ resourceType }) => ['Encounter', 'EpisodeOfCare', 'Appointment'].includes(resourceType),
  vitals: (resource) =>
    resource.resourceType === 'Observation' && codesOf(resource['category']).includes('vital-signs'),
  financial: ({ resourceType }) => ['Claim', 'ExplanationOfBenefit', 'Coverage'].includes(resourceType),
  report: (resource) =>
    (resource.resourceType === 'Observation' && codesOf(resource['category']).includes('laboratory')) ||
    (resource.resourceType === 'DiagnosticReport' && codesOf(resource['category']).includes('LAB')),
};
