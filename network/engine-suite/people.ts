import type { Asset, IdentityRef, Role } from '@fhir-fabric-gateway/chaincode/api';
import { assets, create, listed, newId, openRecord } from './commands.ts';
import type { Engine, Seat } from './engine.ts';

/** The hospital, which founded the ledger, and the lab, and who works there. */
export interface People {
  hr: IdentityRef;
  system: IdentityRef;
  /** Practitioners; the first two of the hospital. */
  doctor: IdentityRef;
  doctor2: IdentityRef;
  lab: IdentityRef;
  labHr: IdentityRef;
}

export const HOSPITAL = 'Organization/hospital';
export const LAB = 'Organization/lab';
export const DOCTOR = 'Practitioner/doctor';
export const DOCTOR2 = 'Practitioner/doctor2';
export const TECHNICIAN = 'Practitioner/technician';

const account = (ref: IdentityRef, role: Role, fhirUser?: string): Asset => ({
  kind: 'identity',
  ...ref,
  role,
  status: 'active',
  ...(fhirUser !== undefined && { fhirUser }),
});

const organisation = (mspId: string, organization: string, roles: Role[]): Asset => ({
  kind: 'organisation',
  mspId,
  organization,
  roles,
});

/** Founds the ledger and registers everyone. */
export async function found({ hospital, lab }: Engine): Promise<People> {
  const people: People = {
    hr: await hospital.enroll('hr'),
    system: await hospital.enroll('system'),
    doctor: await hospital.enroll('doctor'),
    doctor2: await hospital.enroll('doctor'),
    lab: await lab.enroll('lab'),
    labHr: await lab.enroll('hr'),
  };
  await hospital.ledger.submit(people.hr, [
    assets(
      organisation(hospital.mspId, HOSPITAL, ['patient', 'doctor', 'hr', 'system', 'researcher']),
      organisation(lab.mspId, LAB, ['lab', 'hr', 'system']),
      account(people.hr, 'hr'),
      account(people.system, 'system'),
    ),
  ]);
  await hospital.ledger.submit(people.hr, [
    create(listed('Practitioner', 'doctor'), listed('Practitioner', 'doctor2')),
    assets(account(people.doctor, 'doctor', DOCTOR), account(people.doctor2, 'doctor', DOCTOR2)),
  ]);
  await lab.ledger.submit(people.labHr, [
    assets(account(people.labHr, 'hr')),
    create(listed('Practitioner', 'technician')),
    assets(account(people.lab, 'lab', TECHNICIAN)),
  ]);
  return people;
}

/** A new record at the hospital, which its systems may work on. */
export async function newRecord({ ledger }: Seat, people: People): Promise<string> {
  const patient = newId();
  await ledger.submit(people.system, [openRecord(patient, HOSPITAL)]);
  return patient;
}

/** A new record, and the patient's own identity. */
export async function newPatient(
  seat: Seat,
  people: People,
): Promise<{ patient: string; owner: IdentityRef }> {
  const patient = await newRecord(seat, people);
  const owner = await seat.enroll('patient');
  await seat.ledger.submit(people.hr, [assets(account(owner, 'patient', `Patient/${patient}`))]);
  return { patient, owner };
}
