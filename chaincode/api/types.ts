import type { Section } from './sections.ts';

/**
 * Where a resource of a type lives:
 * - `patient`: in one patient's record
 * - `attached`: with the organisation that created it, and with whoever sees a resource that refers to it
 * - `directory`: for everyone who is logged in; its organisation writes it
 * - `definitional`: loaded by the operator, read-only
 * - `administrative`: for HR and researchers of the organisation
 */
export type Home = 'patient' | 'attached' | 'directory' | 'definitional' | 'administrative';

export interface TypeRow {
  /** The first is the rule; a second holds when the subject is not a patient. */
  homes: readonly [Home, ...Home[]];
  /** Sections that a resource of this type can have; empty unless its home is `patient`. */
  sections: readonly Section[];
}

const table = new Map<string, TypeRow>();

function add(homes: readonly [Home, ...Home[]], sections: readonly Section[], names: string): void {
  for (const name of names.trim().split(/\s+/)) table.set(name, { homes, sections });
}

const patient = ['patient'] as const;
const patientOrAttached = ['patient', 'attached'] as const;

add(patient, ['personal'], 'Patient RelatedPerson');
add(patientOrAttached, ['personal'], 'Person');
add(patient, ['consent'], 'Consent');
add(patientOrAttached, ['bloodGroup', 'report', 'vitals', 'symptoms', 'other'], 'Observation');
add(patientOrAttached, ['report', 'notes'], 'DiagnosticReport');
add(patientOrAttached, ['report'], 'Specimen');
add(patientOrAttached, ['radio'], 'ImagingStudy Media');
add(patient, ['allergies'], 'AllergyIntolerance');
add(patientOrAttached, ['diagnosis'], 'Condition');
add(
  patientOrAttached,
  ['treatment'],
  `MedicationRequest MedicationAdministration MedicationDispense MedicationStatement CarePlan CareTeam Procedure
   Device`,
);
add(patient, ['treatment'], 'Immunization');
add(patientOrAttached, ['visits'], 'Encounter Appointment');
add(patient, ['visits'], 'EpisodeOfCare');
add(patientOrAttached, ['orders'], 'ServiceRequest Task Communication');
add(patientOrAttached, ['notes'], 'DocumentReference Composition');
add(
  patient,
  ['financial'],
  'Claim ClaimResponse ExplanationOfBenefit CoverageEligibilityRequest CoverageEligibilityResponse',
);
add(
  patientOrAttached,
  ['financial'],
  'Coverage Account ChargeItem Contract Invoice EnrollmentRequest EnrollmentResponse',
);
add(
  patientOrAttached,
  ['other'],
  `AdverseEvent AppointmentResponse AuditEvent Basic ClinicalImpression CommunicationRequest DetectedIssue
   DeviceRequest DeviceUseStatement DocumentManifest Flag Goal GuidanceResponse List MeasureReport MolecularSequence
   Provenance QuestionnaireResponse RequestGroup RiskAssessment SupplyDelivery SupplyRequest`,
);
add(
  patient,
  ['other'],
  `BodyStructure FamilyMemberHistory ImmunizationEvaluation ImmunizationRecommendation NutritionOrder ResearchSubject
   VisionPrescription`,
);
add(
  ['attached'],
  [],
  `Binary BiologicallyDerivedProduct Bundle DeviceMetric Linkage Medication MessageHeader OperationOutcome Parameters
   PaymentNotice PaymentReconciliation Substance`,
);
add(
  ['directory'],
  [],
  `Endpoint HealthcareService InsurancePlan Location Organization OrganizationAffiliation Practitioner
   PractitionerRole Schedule Slot VerificationResult`,
);
add(['administrative'], [], 'Group ResearchStudy Subscription');
add(
  ['definitional'],
  [],
  `ActivityDefinition CapabilityStatement CatalogEntry ChargeItemDefinition CodeSystem CompartmentDefinition ConceptMap
   DeviceDefinition EffectEvidenceSynthesis EventDefinition Evidence EvidenceVariable ExampleScenario
   GraphDefinition ImplementationGuide Library Measure MedicationKnowledge MedicinalProduct
   MedicinalProductAuthorization MedicinalProductContraindication MedicinalProductIndication
   MedicinalProductIngredient MedicinalProductInteraction MedicinalProductManufactured MedicinalProductPackaged
   MedicinalProductPharmaceutical MedicinalProductUndesirableEffect MessageDefinition NamingSystem
   ObservationDefinition OperationDefinition PlanDefinition Questionnaire ResearchDefinition
   ResearchElementDefinition RiskEvidenceSynthesis SearchParameter SpecimenDefinition StructureDefinition StructureMap
   SubstanceNucleicAcid SubstancePolymer SubstanceProtein SubstanceReferenceInformation SubstanceSourceMaterial
   SubstanceSpecification TerminologyCapabilities TestReport TestScript ValueSet`,
);

/** Every R4 resource type, sorted. Its position in this list is the type's number in the read-index. */
export const RESOURCE_TYPES: readonly string[] = [...table.keys()].sort();

/** The type's row, or undefined when R4 has no such type. Source: https://hl7.org/fhir/R4/resourcelist.html */
export function typeRow(type: string): TypeRow | undefined {
  return table.get(type);
}
