/** Where a type of the patient home says whose it is. */
export interface SubjectRow {
  /** Path of the one element that owns it. */
  element: string;
  /** What the element points at: the patient or something else, or a resource whose patient it shares. */
  via: 'patient' | 'resource';
  /** Without the element it belongs to nobody's record but to its organisation: stock, templates, summaries. */
  optional: boolean;
}

const table = new Map<string, SubjectRow>();

function add(
  element: string,
  names: string,
  { via = 'patient', optional = false }: Partial<SubjectRow> = {},
): void {
  for (const name of names.trim().split(/\s+/)) table.set(name, { element, via, optional });
}

add(
  'subject',
  `AdverseEvent Basic CarePlan CareTeam ChargeItem ClinicalImpression Communication CommunicationRequest Composition
   Condition DeviceRequest DeviceUseStatement DiagnosticReport DocumentManifest DocumentReference Encounter Flag Goal
   GuidanceResponse ImagingStudy Invoice List Media MedicationAdministration MedicationDispense MedicationRequest
   MedicationStatement Observation Procedure QuestionnaireResponse RequestGroup RiskAssessment ServiceRequest Specimen`,
);
add('subject', 'Account Contract MeasureReport', { optional: true });
add(
  'patient',
  `AllergyIntolerance BodyStructure Claim ClaimResponse Consent CoverageEligibilityRequest CoverageEligibilityResponse
   DetectedIssue EpisodeOfCare ExplanationOfBenefit FamilyMemberHistory Immunization ImmunizationEvaluation
   ImmunizationRecommendation NutritionOrder RelatedPerson VisionPrescription`,
);
add('patient', 'Device MolecularSequence SupplyDelivery', { optional: true });
add('beneficiary', 'Coverage');
add('candidate', 'EnrollmentRequest', { optional: true });
add('request', 'EnrollmentResponse', { via: 'resource', optional: true });
add('for', 'Task');
add('individual', 'ResearchSubject');
add('participant.actor', 'Appointment');
add('actor', 'AppointmentResponse');
add('deliverTo', 'SupplyRequest', { optional: true });
add('link.target', 'Person', { optional: true });
add('target', 'Provenance', { via: 'resource' });
add('entity.what', 'AuditEvent', { optional: true });

/** The row of a type of the patient home; undefined for Patient itself and for every other home. */
export function subjectRow(type: string): SubjectRow | undefined {
  return table.get(type);
}
