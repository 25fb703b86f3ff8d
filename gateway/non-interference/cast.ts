import type { Person } from '../cli/test-gateway.ts';

/** Patients and whose they are: few, so that records meet. */
export const PATIENTS = [
  { id: 'pat-0', system: 'hospital-system' },
  { id: 'pat-1', system: 'hospital-system' },
  { id: 'pat-2', system: 'hospital-system' },
  { id: 'pat-3', system: 'hospital-system' },
] as const;

/** Whom a Consent can name, and how. */
export const GRANTEES = [
  { reference: 'Practitioner/doc-0', role: 'IRCP' },
  { reference: 'Practitioner/doc-1', role: 'IRCP' },
  { reference: 'Practitioner/tech-0', role: 'IRCP' },
  { reference: 'Organization/hospital', role: 'IRCP' },
  { reference: 'Organization/hospital', role: 'CST' },
  { reference: 'Organization/lab', role: 'CST' },
] as const;

export const SYSTEMS: Readonly<Record<string, Person>> = {
  'hospital-system': { role: 'system', mspId: 'HospitalMSP', scopes: 'system/*.cruds' },
  'lab-system': { role: 'system', mspId: 'LabMSP', scopes: 'system/*.cruds' },
};

/** The patient as somebody who logs in. */
export const personOf = (patient: string): Person => ({
  role: 'patient',
  mspId: 'HospitalMSP',
  fhirUser: `Patient/${patient}`,
  scopes: 'patient/*.cruds',
});

export interface Asker extends Person {
  name: string;
  /** What a Consent names when it is about this asker. */
  parties: readonly string[];
  organisation?: string;
}

const asker = (name: string, person: Person, parties: readonly string[] = []): Asker => ({
  name,
  parties,
  ...person,
});

const doctor = (scopes: string): Person => ({
  role: 'doctor',
  mspId: 'HospitalMSP',
  fhirUser: 'Practitioner/doc-0',
  scopes,
});
const DOCTOR = ['Practitioner/doc-0', 'Organization/hospital'];

/** Who asks, in turn. Where the scopes cover less than the person may see, nothing is written. */
export const ASKERS: readonly Asker[] = [
  asker('doctor', doctor('user/*.cruds'), DOCTOR),
  asker('patient', { role: 'patient', fhirUser: 'Patient/pat-0', scopes: 'patient/*.cruds' }),
  asker('lab', { role: 'lab', mspId: 'LabMSP', fhirUser: 'Practitioner/tech-0', scopes: 'user/*.cruds' }, [
    'Practitioner/tech-0',
    'Organization/lab',
  ]),
  asker('system', { role: 'system', mspId: 'LabMSP', scopes: 'system/*.cruds' }, ['Organization/lab']),
  asker('doctor with some types', doctor('user/Observation.rs user/Condition.rs user/Patient.rs'), DOCTOR),
  asker('hr', { role: 'hr', mspId: 'HospitalMSP', scopes: 'user/*.cruds' }),
  asker('doctor again', doctor('user/*.cruds'), DOCTOR),
  asker('researcher', { role: 'researcher', mspId: 'HospitalMSP', scopes: 'user/*.cruds' }),
];

export const writes = ({ name }: Asker): boolean => name !== 'doctor with some types';
