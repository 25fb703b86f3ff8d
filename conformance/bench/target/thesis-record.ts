import { createHash, randomUUID } from 'node:crypto';
import type { Bundle, Resource } from '../../clients/resource.ts';

/** What the thesis's example says in its fields. `lastVisits` is left open there. */
const FIELDS = {
  bloodGroup: 'AB+',
  allergies: 'Pollen Allergy.',
  diagnosis: 'Food poisoning',
  treatment: 'NHS hearing aids',
  lastVisits: '2022-06-16',
  report: 'madji',
  symptoms:
    'vomiting diarrhoea, which may contain blood or mucus stomach cramps and abdominal pain a lack of energy and weakness loss of appetite',
};

const LOINC = 'http://loinc.org';
const TERMINOLOGY = 'http://terminology.hl7.org/CodeSystem';

const coded = (system: string, code: string) => ({ coding: [{ system, code }] });

/**
 * The fields of the thesis's record, a resource each, as a transaction. The list of the permitted is no resource of these:
 * it is the Consent that opens the record. `radio` comes by itself.
 */
export function fieldsOfRecord(patient: string): Resource & Bundle {
  const subject = { reference: `Patient/${patient}` };
  return transaction([
    {
      resourceType: 'Observation',
      status: 'final',
      code: coded(LOINC, '882-1'),
      subject,
      valueCodeableConcept: { text: FIELDS.bloodGroup },
    },
    {
      resourceType: 'AllergyIntolerance',
      clinicalStatus: coded(`${TERMINOLOGY}/allergyintolerance-clinical`, 'active'),
      patient: subject,
      code: { text: FIELDS.allergies },
    },
    { resourceType: 'Condition', subject, code: { text: FIELDS.diagnosis } },
    {
      resourceType: 'CarePlan',
      status: 'active',
      intent: 'plan',
      subject,
      description: FIELDS.treatment,
    },
    {
      resourceType: 'Encounter',
      status: 'finished',
      class: { system: `${TERMINOLOGY}/v3-ActCode`, code: 'AMB' },
      subject,
      period: { start: FIELDS.lastVisits },
    },
    {
      resourceType: 'DiagnosticReport',
      status: 'final',
      category: [coded(`${TERMINOLOGY}/v2-0074`, 'OTH')],
      code: { text: 'Report' },
      subject,
      conclusion: FIELDS.report,
    },
    {
      resourceType: 'Observation',
      status: 'final',
      code: coded(LOINC, '75325-1'),
      subject,
      valueString: FIELDS.symptoms,
    },
  ]);
}

/** When the thesis's example took its image, as its name has it, and what another is later at most. */
const TAKEN = 1655375964645;
const LATER = 60_000;

/** Links to so many images at a lab's host: one ImagingStudy, an instance an image, each with a DICOM UID of its own. */
export function linkedImages(patient: string, count: number): Resource & Bundle {
  const study = uid(`${patient} study`);
  return transaction([
    {
      resourceType: 'ImagingStudy',
      contained: [
        {
          resourceType: 'Endpoint',
          id: 'images',
          status: 'active',
          connectionType: { system: `${TERMINOLOGY}/endpoint-connection-type`, code: 'dicom-wado-rs' },
          payloadType: [{ text: 'X-ray' }],
          address: `http://host:8081/uploads/${patient}/2022-6-16-39`,
        },
      ],
      identifier: [{ system: 'urn:dicom:uid', value: `urn:oid:${study}` }],
      status: 'available',
      subject: { reference: `Patient/${patient}` },
      series: [
        {
          uid: `${study}.1`,
          modality: { system: 'http://dicom.nema.org/resources/ontology/DCM', code: 'DX' },
          endpoint: [{ reference: '#images' }],
          instance: Array.from({ length: count }, (_, index) => ({
            uid: `${study}.1.${TAKEN + index * LATER + (noise(`${patient} ${index}`, 2).readUInt16BE() % LATER)}`,
            sopClass: { system: 'urn:ietf:rfc:3986', code: 'urn:oid:1.2.840.10008.5.1.4.1.1.1.1' },
          })),
        },
      ],
    },
  ]);
}

/** So many pictures themselves: a Media each, with `bytes` that don't compress, as a picture's. */
export function picturesInside(patient: string, count: number, bytes: number): Resource & Bundle {
  return transaction(
    Array.from({ length: count }, (_, index): Resource => ({
      resourceType: 'Media',
      status: 'completed',
      subject: { reference: `Patient/${patient}` },
      content: { contentType: 'image/png', data: noise(`${patient} ${index}`, bytes).toString('base64') },
    })),
  );
}

const transaction = (resources: readonly Resource[]): Resource & Bundle => ({
  resourceType: 'Bundle',
  type: 'transaction',
  entry: resources.map((resource) => ({
    fullUrl: `urn:uuid:${randomUUID()}`,
    resource,
    request: { method: 'POST', url: resource.resourceType },
  })),
});

/** A DICOM UID of a name. */
const uid = (name: string): string =>
  `2.25.${BigInt(`0x${createHash('sha256').update(name).digest('hex').slice(0, 31)}`)}`;

/** Bytes as good as random, always the same of a name. */
function noise(name: string, bytes: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(bytes / 32) }, (_, index) =>
    createHash('sha256').update(`${name} ${index}`).digest(),
  );
  return Buffer.concat(blocks).subarray(0, bytes);
}
