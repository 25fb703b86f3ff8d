import type { AccountRole } from '../auth/index.ts';

/** The demo's password, for every account. */
export const DEMO_PASSWORD = 'demo-Passw0rd';

/** Patients: the name is the fixture's, `patient-<name>.json`, and the account's, `<name>@demo.example`. */
export const DEMO_PATIENTS = ['maragret', 'shannon', 'clyde', 'dionne', 'lashawnda'] as const;

export interface DemoStaff {
  username: string;
  role: Exclude<AccountRole, 'patient'>;
  mspId: string;
  practitioner: { given: string; family: string; prefix?: string };
  /** What the PractitionerRole says. */
  work: { code: string; display: string };
}

const WORK = {
  doctor: { code: 'doctor', display: 'Doctor' },
  radiographer: { code: 'radiographer', display: 'Radiographer' },
  ict: { code: 'ict', display: 'HR' },
};

export const DEMO_STAFF: readonly DemoStaff[] = [
  {
    username: 'doctor@demo.example',
    role: 'doctor',
    mspId: 'HospitalMSP',
    practitioner: { given: 'Amina', family: 'Haddad', prefix: 'Dr.' },
    work: WORK.doctor,
  },
  {
    username: 'doctor2@demo.example',
    role: 'doctor',
    mspId: 'HospitalMSP',
    practitioner: { given: 'Jonas', family: 'Weber', prefix: 'Dr.' },
    work: WORK.doctor,
  },
  {
    username: 'lab@demo.example',
    role: 'lab',
    mspId: 'LabMSP',
    practitioner: { given: 'Renata', family: 'Silva' },
    work: WORK.radiographer,
  },
  {
    username: 'hr@demo.example',
    role: 'hr',
    mspId: 'HospitalMSP',
    practitioner: { given: 'Pat', family: 'Okafor' },
    work: WORK.ict,
  },
];
