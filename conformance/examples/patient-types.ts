/** The R4 types that make up a patient's record here. */
export const PATIENT_TYPES: ReadonlySet<string> = new Set(
  `Account AdverseEvent AllergyIntolerance Appointment AppointmentResponse AuditEvent Basic BodyStructure CarePlan CareTeam
   ChargeItem Claim ClaimResponse ClinicalImpression Communication CommunicationRequest Composition Condition Consent
   Contract Coverage CoverageEligibilityRequest CoverageEligibilityResponse DetectedIssue Device DeviceRequest
   DeviceUseStatement DiagnosticReport DocumentManifest DocumentReference Encounter EnrollmentRequest EnrollmentResponse
   EpisodeOfCare ExplanationOfBenefit FamilyMemberHistory Flag Goal GuidanceResponse ImagingStudy Immunization
   ImmunizationEvaluation ImmunizationRecommendation Invoice List MeasureReport Media MedicationAdministration
   MedicationDispense MedicationRequest MedicationStatement MolecularSequence NutritionOrder Observation Patient Person
   Procedure Provenance QuestionnaireResponse RelatedPerson RequestGroup ResearchSubject RiskAssessment ServiceRequest
   Specimen SupplyDelivery SupplyRequest Task VisionPrescription`.split(/\s+/),
);
