import type { Span } from '@fhir-fabric-gateway/chaincode/api';
import { valuesAt, type JsonObject, type Resource } from '../resource.ts';
import { cover, momentOf } from './span.ts';

/**
 * The clinical date of each type of the patient home, which `dataPeriod` of a Consent goes by: first the elements that
 * say when it happened, then those that say when somebody first wrote it down. `issued` is never taken: a report of
 * ten years ago that is published again today is still ten years old. `start+end` are the ends of a period.
 */
const CLINICAL_DATES: Readonly<Record<string, string>> = {
  Account: 'servicePeriod',
  AdverseEvent: 'date detected recordedDate',
  AllergyIntolerance: 'onset[x] recordedDate',
  Appointment: 'start+end requestedPeriod created',
  AppointmentResponse: 'start+end',
  AuditEvent: 'period recorded',
  Basic: 'created',
  CarePlan: 'period created',
  CareTeam: 'period',
  ChargeItem: 'occurrence[x] enteredDate',
  Claim: 'billablePeriod created',
  ClaimResponse: 'created',
  ClinicalImpression: 'effective[x] date',
  Communication: 'sent received',
  CommunicationRequest: 'occurrence[x] authoredOn',
  Composition: 'event.period date',
  Condition: 'onset[x] recordedDate',
  Consent: 'dateTime',
  Contract: 'applies issued',
  Coverage: 'period',
  CoverageEligibilityRequest: 'serviced[x] created',
  CoverageEligibilityResponse: 'serviced[x] created',
  DetectedIssue: 'identified[x]',
  DeviceRequest: 'occurrence[x] authoredOn',
  DeviceUseStatement: 'timing[x] recordedOn',
  DiagnosticReport: 'effective[x]',
  DocumentManifest: 'created',
  DocumentReference: 'context.period date',
  Encounter: 'period',
  EnrollmentRequest: 'created',
  EnrollmentResponse: 'created',
  EpisodeOfCare: 'period',
  ExplanationOfBenefit: 'billablePeriod created',
  FamilyMemberHistory: 'date',
  Flag: 'period',
  Goal: 'start[x] statusDate',
  GuidanceResponse: 'occurrenceDateTime',
  ImagingStudy: 'started series.started',
  Immunization: 'occurrence[x] recorded',
  ImmunizationEvaluation: 'date',
  ImmunizationRecommendation: 'date',
  Invoice: 'date',
  List: 'date',
  MeasureReport: 'period date',
  Media: 'created[x]',
  MedicationAdministration: 'effective[x]',
  MedicationDispense: 'whenHandedOver whenPrepared',
  MedicationRequest: 'authoredOn',
  MedicationStatement: 'effective[x] dateAsserted',
  NutritionOrder: 'dateTime',
  Observation: 'effective[x]',
  Procedure: 'performed[x]',
  Provenance: 'occurred[x] recorded',
  QuestionnaireResponse: 'authored',
  RequestGroup: 'authoredOn',
  ResearchSubject: 'period',
  RiskAssessment: 'occurrence[x]',
  ServiceRequest: 'occurrence[x] authoredOn',
  Specimen: 'collection.collected[x] receivedTime',
  SupplyDelivery: 'occurrence[x]',
  SupplyRequest: 'occurrence[x] authoredOn',
  Task: 'executionPeriod authoredOn',
  VisionPrescription: 'dateWritten created',
  // They have no date of their own: BodyStructure, Device, MolecularSequence, Patient, Person, RelatedPerson.
};

const CHOICES = ['DateTime', 'Period', 'Date', 'Instant', 'Timing'];

function expand(path: string): string[] {
  return path.endsWith('[x]') ? CHOICES.map((type) => path.slice(0, -3) + type) : [path];
}

/** The types that have a clinical date at all. */
export const DATED_TYPES: readonly string[] = Object.keys(CLINICAL_DATES);

/** The elements a type's clinical date is taken from, as the table above writes them; empty when it has none. */
export function dateElements(type: string): string[] {
  return Object.hasOwn(CLINICAL_DATES, type) ? (CLINICAL_DATES[type] ?? '').split(' ') : [];
}

function spanAt(resource: JsonObject, element: string): Span | undefined {
  const [path = '', end] = element.split('+');
  if (end !== undefined) return momentOf({ start: resource[path] ?? null, end: resource[end] ?? null });
  const values = expand(path).flatMap((each) => valuesAt(resource, each));
  return cover(values.map(momentOf).filter((span) => span !== undefined));
}

/**
 * When what the resource tells happened, in milliseconds since 1970: open where it has begun and not ended, or ended and
 * nobody said when it began; null when it does not say at all.
 */
export function clinicalDate(resource: Resource): Span | null {
  for (const element of dateElements(resource.resourceType)) {
    const span = spanAt(resource, element);
    if (span) return span;
  }
  return null;
}
