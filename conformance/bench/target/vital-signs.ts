import { randomUUID } from 'node:crypto';
import type { BundleEntry, Resource } from '../../clients/resource.ts';
import { HEART_RATE, measured, type Sign } from './observation.ts';
import { newPatient } from './records.ts';

/** LOINC's codes of what is measured, and in which unit. A record has as many of each. */
const SIGNS: readonly Sign[] = [
  HEART_RATE,
  ['9279-1', 'Respiratory rate', '/min'],
  ['8310-5', 'Body temperature', 'Cel'],
  ['8302-2', 'Body height', 'cm'],
  ['29463-7', 'Body weight', 'kg'],
  ['39156-5', 'Body mass index', 'kg/m2'],
  ['8480-6', 'Systolic blood pressure', 'mm[Hg]'],
  ['8462-4', 'Diastolic blood pressure', 'mm[Hg]'],
  ['2708-6', 'Oxygen saturation in Arterial blood', '%'],
  ['9843-4', 'Head circumference', 'cm'],
  ['8478-0', 'Mean blood pressure', 'mm[Hg]'],
  ['2339-0', 'Glucose in Blood', 'mg/dL'],
  ['8280-0', 'Waist circumference', 'cm'],
  ['8277-6', 'Body surface area', 'm2'],
  ['19935-6', 'Peak expiratory flow', 'L/min'],
  ['20150-9', 'Forced expiratory volume in 1 second', 'L'],
  ['72514-3', 'Pain severity', '{score}'],
  ['8889-8', 'Heart rate by Pulse oximetry', '/min'],
  ['8331-1', 'Oral temperature', 'Cel'],
  ['3141-9', 'Body weight measured', 'kg'],
];

/** What was measured was measured in these years, evenly. */
const FROM = Date.UTC(2021, 0, 1);
const MINUTES = 5 * 365 * 24 * 60;

/** Two steps that share no divisor with the minutes: neither records nor one record's signs come in the order of time. */
const BETWEEN_RECORDS = 104_729;
const BETWEEN_SIGNS = 1_299_709;

/** Sign `number` of record `record`, about 600 bytes of JSON. */
export function vitalSign(subject: string, record: number, number: number): Resource {
  const sign = SIGNS[number % SIGNS.length] ?? HEART_RATE;
  const minute = (record * BETWEEN_RECORDS + number * BETWEEN_SIGNS) % MINUTES;
  const time = new Date(FROM + minute * 60_000).toISOString();
  return measured(subject, sign, time, 50 + ((record + number) % 100));
}

/** Entries of a transaction that open record `record` and put so many signs into it: the Patient first. */
export function recordEntries(record: number, signs: number): BundleEntry[] {
  const patient = `urn:uuid:${randomUUID()}`;
  return [
    { fullUrl: patient, resource: newPatient(), request: { method: 'POST', url: 'Patient' } },
    ...Array.from({ length: signs }, (_, number) => ({
      fullUrl: `urn:uuid:${randomUUID()}`,
      resource: vitalSign(patient, record, number),
      request: { method: 'POST', url: 'Observation' },
    })),
  ];
}
