import { actor, consent } from '../../clients/consents.ts';
import type { Caller } from '../people/caller.ts';
import { patient, staff, system } from '../people/log-in.ts';
import type { Site } from '../testing/site.ts';

/** Who writes and reads while things go wrong. */
export interface Cast {
  patients: readonly Caller[];
  doctor: Caller;
  doctor2: Caller;
  hospitalSystem: Caller;
  /** Both at the lab's gateway. */
  lab: Caller;
  labSystem: Caller;
}

const PATIENTS = ['maragret', 'shannon', 'clyde', 'dionne'];

/** Everybody with a new token: a system's lasts five minutes. */
export async function assemble({ hospital, lab }: Pick<Site, 'hospital' | 'lab'>): Promise<Cast> {
  const [hospitalSystem, labSystem, doctor, doctor2, technician, ...patients] = await Promise.all([
    system(hospital, 'hospital-system'),
    system(lab, 'lab-system'),
    staff(hospital, 'doctor'),
    staff(hospital, 'doctor2'),
    staff(lab, 'lab'),
    ...PATIENTS.map((name) => patient(hospital, name)),
  ]);
  return { hospitalSystem, labSystem, doctor, doctor2, lab: technician, patients };
}

/** Each patient lets the doctors, and the lab's people and systems, read and write. */
export async function grantAll({ patients, doctor, doctor2, lab }: Cast): Promise<void> {
  const [role] = await lab.find(`PractitionerRole?practitioner=${lab.fhirUser}`);
  const { reference } = role?.['organization'] as { reference: string };
  const grants = [
    actor(doctor.fhirUser),
    actor(doctor2.fhirUser),
    actor(reference, 'IRCP'),
    actor(reference, 'CST'),
  ];
  for (const person of patients)
    for (const grantee of grants) await person.create(consent(person.patient, { actor: [grantee] }));
}
