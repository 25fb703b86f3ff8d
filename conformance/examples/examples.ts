import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Resource } from '../clients/resource.ts';
import { PATIENT_TYPES } from './patient-types.ts';

const folder = dirname(createRequire(import.meta.url).resolve('hl7.fhir.r4.examples/package.json'));

export interface Example {
  /** `Observation-f001`. */
  file: string;
  /** `Observation/f001`. */
  name: string;
  text: string;
}

/** HL7's published examples of R4, those of the types that make up a patient's record. */
export function patientExamples(): Example[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json') && PATIENT_TYPES.has(file.split('-')[0] ?? ''))
    .sort()
    .map((file) => {
      const text = readFileSync(join(folder, file), 'utf8');
      const { resourceType, id } = JSON.parse(text) as Resource;
      return { file: file.replace('.json', ''), name: `${resourceType}/${String(id)}`, text };
    });
}

/** Ids of the Patients that any of the examples refers to. */
export function patientsNamedIn(examples: readonly Example[]): string[] {
  const ids = examples.flatMap(({ text }) =>
    [...text.matchAll(/"reference"\s*:\s*"Patient\/([A-Za-z0-9.-]+)/g)].map(([, id = '']) => id),
  );
  return [...new Set(ids)].sort();
}
