import type { Resource } from './resource.ts';

const LOINC = 'http://loinc.org';
const coded = (system: string, code: string) => ({ coding: [{ system, code }] });

/** What a doctor measures: heart rate. */
export const heartRate = (patient: string, rate: number): Resource => ({
  resourceType: 'Observation',
  status: 'final',
  category: [coded('http://terminology.hl7.org/CodeSystem/observation-category', 'vital-signs')],
  code: coded(LOINC, '8867-4'),
  subject: { reference: `Patient/${patient}` },
  effectiveDateTime: '2026-02-03T10:15:00Z',
  valueQuantity: { value: rate, unit: '/min', system: 'http://unitsofmeasure.org', code: '/min' },
});

/** A doctor's order of an X-ray of the chest. */
export const xrayOrder = (patient: string, requester: string): Resource => ({
  resourceType: 'ServiceRequest',
  status: 'active',
  intent: 'order',
  code: coded(LOINC, '36643-5'),
  subject: { reference: `Patient/${patient}` },
  requester: { reference: requester },
  authoredOn: '2026-02-03T10:20:00Z',
});

/** The pictures that the lab took of it. */
export const imagingStudy = (patient: string, order: string): Resource => ({
  resourceType: 'ImagingStudy',
  status: 'available',
  subject: { reference: `Patient/${patient}` },
  basedOn: [{ reference: order }],
  started: '2026-02-04T08:00:00Z',
  numberOfSeries: 1,
  numberOfInstances: 1,
  series: [
    {
      uid: '1.2.826.0.1.3680043.8.498.1',
      modality: { system: 'http://dicom.nema.org/resources/ontology/DCM', code: 'DX' },
      numberOfInstances: 1,
      instance: [
        {
          uid: '1.2.826.0.1.3680043.8.498.1.1',
          sopClass: { system: 'urn:ietf:rfc:3986', code: 'urn:oid:1.2.840.10008.5.1.4.1.1.1.1' },
        },
      ],
    },
  ],
});

/** What the lab says about them. */
export const xrayReport = (patient: string, order: string, study: string): Resource => ({
  resourceType: 'DiagnosticReport',
  status: 'final',
  category: [coded('http://terminology.hl7.org/CodeSystem/v2-0074', 'RAD')],
  code: coded(LOINC, '36643-5'),
  subject: { reference: `Patient/${patient}` },
  basedOn: [{ reference: order }],
  imagingStudy: [{ reference: study }],
  effectiveDateTime: '2026-02-04T08:00:00Z',
  conclusion: 'No fracture.',
});

export const condition = (patient: string): Resource => ({
  resourceType: 'Condition',
  clinicalStatus: coded('http://terminology.hl7.org/CodeSystem/condition-clinical', 'active'),
  code: coded('http://snomed.info/sct', '75498004'),
  subject: { reference: `Patient/${patient}` },
});
