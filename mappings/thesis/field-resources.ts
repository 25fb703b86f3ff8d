import { objects, text, type JsonObject, type Resource } from '../resource.ts';
import { exactText, readable, readExactText } from './exact-text.ts';
import type { TextField } from './fields.ts';
import { imageUrls, imagingSeries, urlsOfStudy } from './images.ts';

const coded = (system: string, code: string, display?: string): JsonObject => ({
  coding: [{ system, code, ...(display !== undefined && { display }) }],
});

const LOINC = 'http://loinc.org';
const TERMINOLOGY = 'http://terminology.hl7.org/CodeSystem';

/** How one field of the thesis is a resource, and back. */
interface FieldResource {
  type: string;
  /** The resource without type and subject, around a text that FHIR allows. */
  write: (shown: string) => JsonObject;
  /** The text it shows. */
  read: (resource: JsonObject) => string | undefined;
  /** Name of the element that refers to the patient. */
  subject: 'subject' | 'patient';
}

const conceptText = (resource: JsonObject, name: string) => text(objects(resource[name])[0]?.['text']);

const FIELD_RESOURCES: Readonly<Record<TextField, FieldResource>> = {
  bloodGroup: {
    type: 'Observation',
    subject: 'subject',
    write: (shown) => ({
      status: 'final',
      category: [coded(`${TERMINOLOGY}/observation-category`, 'laboratory')],
      code: coded(LOINC, '882-1', 'ABO and Rh group [Type] in Blood'),
      valueCodeableConcept: { text: shown },
    }),
    read: (resource) => conceptText(resource, 'valueCodeableConcept'),
  },
  Allergies: {
    type: 'AllergyIntolerance',
    subject: 'patient',
    write: (shown) => ({
      clinicalStatus: coded(`${TERMINOLOGY}/allergyintolerance-clinical`, 'active'),
      verificationStatus: coded(`${TERMINOLOGY}/allergyintolerance-verification`, 'unconfirmed'),
      code: { text: shown },
    }),
    read: (resource) => conceptText(resource, 'code'),
  },
  Diagnosis: {
    type: 'Condition',
    subject: 'subject',
    write: (shown) => ({
      clinicalStatus: coded(`${TERMINOLOGY}/condition-clinical`, 'active'),
      category: [coded(`${TERMINOLOGY}/condition-category`, 'encounter-diagnosis')],
      code: { text: shown },
    }),
    read: (resource) => conceptText(resource, 'code'),
  },
  treatment: {
    type: 'CarePlan',
    subject: 'subject',
    write: (shown) => ({ status: 'active', intent: 'plan', description: shown }),
    read: (resource) => text(resource['description']),
  },
  lastVisits: {
    type: 'Encounter',
    subject: 'subject',
    write: (shown) => ({
      status: 'unknown',
      class: { system: `${TERMINOLOGY}/v3-ActCode`, code: 'AMB' },
      type: [{ text: shown }],
    }),
    read: (resource) => conceptText(resource, 'type'),
  },
  report: {
    type: 'DiagnosticReport',
    subject: 'subject',
    write: (shown) => ({
      status: 'final',
      category: [coded(`${TERMINOLOGY}/v2-0074`, 'OTH')],
      code: { text: 'Report' },
      conclusion: shown,
    }),
    read: (resource) => text(resource['conclusion']),
  },
  radio: {
    type: 'ImagingStudy',
    subject: 'subject',
    write: (shown) => {
      const urls = imageUrls(shown);
      return { status: 'available', ...(urls ? imagingSeries(urls) : { description: shown }) };
    },
    read: (resource) => {
      if (resource['series'] === undefined) return text(resource['description']);
      const urls = urlsOfStudy(resource);
      return urls && JSON.stringify(urls);
    },
  },
  symptoms: {
    type: 'Observation',
    subject: 'subject',
    write: (shown) => ({ status: 'final', code: coded(LOINC, '75325-1', 'Symptom'), valueString: shown }),
    read: (resource) => text(resource['valueString']),
  },
};

/** The resource of a field, or undefined when its text has nothing that FHIR could show. `patient` is a Patient id. */
export function fieldToResource(field: TextField, value: string, patient: string): Resource | undefined {
  const shown = readable(value);
  if (shown === '') return undefined;
  const { type, write, read, subject } = FIELD_RESOURCES[field];
  const content = write(shown);
  const { contained, ...elements } = content;
  return {
    resourceType: type,
    ...(contained !== undefined && { contained }),
    ...exactText(value, read(content) ?? ''),
    ...elements,
    [subject]: { reference: `Patient/${patient}` },
  };
}

/** The text of a field's resource; undefined when the resource is not as fieldToResource makes them. */
export function resourceToField(field: TextField, resource: Resource): string | undefined {
  const { type, read } = FIELD_RESOURCES[field];
  return resource.resourceType === type ? readExactText(resource, read(resource)) : undefined;
}
