import type { Asset, Role } from '../api/index.ts';
import { certificate } from './certificate.ts';
import { assets, create, open, shared } from './commands.ts';
import { TestLedger } from './ledger.ts';
import type { TestIdentity } from './ledger.ts';

export async function identity(mspId: string, role: string, pseudonym: string): Promise<TestIdentity> {
  return { mspId, certificate: await certificate({ role, subject: pseudonym }) };
}

export const account = (mspId: string, pseudonym: string, role: Role, fhirUser?: string): Asset => ({
  kind: 'identity',
  mspId,
  pseudonym,
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

/** A hospital (Organization/5, the founder) and a lab (Organization/7), their people, and patient 1's record. */
export async function network() {
  const people = {
    hr: await identity('HospitalMSP', 'hr', 'hr'),
    system: await identity('HospitalMSP', 'system', 'sys'),
    doctor: await identity('HospitalMSP', 'doctor', 'doc'),
    doctor2: await identity('HospitalMSP', 'doctor', 'doc2'),
    patient: await identity('HospitalMSP', 'patient', 'pat'),
    other: await identity('HospitalMSP', 'patient', 'pat2'),
    researcher: await identity('HospitalMSP', 'researcher', 'res'),
    labHr: await identity('LabMSP', 'hr', 'lab-hr'),
    labSystem: await identity('LabMSP', 'system', 'lab-sys'),
    lab: await identity('LabMSP', 'lab', 'tech'),
  };
  const ledger = new TestLedger();
  const outcomes = [
    await ledger.submit(
      people.hr,
      assets(
        organisation('HospitalMSP', 'Organization/5', ['patient', 'doctor', 'hr', 'system', 'researcher']),
        organisation('LabMSP', 'Organization/7', ['lab', 'hr', 'system']),
        account('HospitalMSP', 'hr', 'hr'),
        account('HospitalMSP', 'sys', 'system'),
        account('HospitalMSP', 'res', 'researcher'),
      ),
    ),
    await ledger.submit(
      people.system,
      create(
        shared('directory', 'Organization', '5'),
        shared('directory', 'Practitioner', '2'),
        shared('directory', 'Practitioner', '3'),
      ),
    ),
    await ledger.submit(
      people.labHr,
      assets(account('LabMSP', 'lab-hr', 'hr'), account('LabMSP', 'lab-sys', 'system')),
    ),
    await ledger.submit(
      people.labSystem,
      create(shared('directory', 'Organization', '7'), shared('directory', 'Practitioner', '8')),
    ),
    await ledger.submit(people.system, open('1', 'Organization/5'), open('9', 'Organization/5')),
    await ledger.submit(
      people.hr,
      assets(
        account('HospitalMSP', 'doc', 'doctor', 'Practitioner/2'),
        account('HospitalMSP', 'doc2', 'doctor', 'Practitioner/3'),
        account('HospitalMSP', 'pat', 'patient', 'Patient/1'),
        account('HospitalMSP', 'pat2', 'patient', 'Patient/9'),
      ),
    ),
    await ledger.submit(people.labHr, assets(account('LabMSP', 'tech', 'lab', 'Practitioner/8'))),
  ];
  if (outcomes.some((outcome) => outcome !== 'OK'))
    throw new Error(`the network does not stand: ${String(outcomes)}`);
  return { ledger, ...people };
}
