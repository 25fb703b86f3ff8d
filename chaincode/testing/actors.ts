import type { EntryValue, RecordValue, Role, Rule, Section } from '../api/index.ts';
import type { Caller } from '../rules/caller.ts';

/** The record of patient 1, whose home is the hospital (Organization/5). */
export const record: RecordValue = {
  kind: 'record',
  patient: '1',
  home: 'HospitalMSP',
  owner: 'pat',
  status: 'open',
  created: 0,
};

const at = (role: Role, pseudonym: string, fhirUser?: string, lab = false): Caller => ({
  mspId: lab ? 'LabMSP' : 'HospitalMSP',
  organization: lab ? 'Organization/7' : 'Organization/5',
  founder: !lab,
  pseudonym,
  role,
  ...(fhirUser !== undefined && { fhirUser }),
});

/** One caller of each role; the lab's is at another organisation. */
export const callers: Readonly<Record<Role, Caller>> = {
  patient: at('patient', 'pat', 'Patient/1'),
  doctor: at('doctor', 'doc', 'Practitioner/2'),
  lab: at('lab', 'tech', 'Practitioner/8', true),
  hr: at('hr', 'hr'),
  system: at('system', 'sys'),
  researcher: at('researcher', 'res'),
};

/** An entry of patient 1's record that the caller's own organisation created, and somebody else there wrote. */
export function writtenAt(
  caller: Caller,
  type: string,
  section: Section,
  more: Partial<EntryValue> = {},
): EntryValue {
  return {
    kind: 'entry',
    type,
    id: type === 'Patient' ? '1' : 'x',
    home: 'patient',
    patient: '1',
    organisation: caller.mspId,
    version: 1,
    section,
    author: { mspId: caller.mspId, pseudonym: 'somebody' },
    time: 0,
    command: 0,
    content: { enc: 'none', kid: '', data: new Uint8Array(1) },
    ...more,
  };
}

/** A permit of everything for the caller's person or, for those without, its organisation. */
export const everything = (caller: Caller): Rule => ({
  type: 'permit',
  actors: [caller.role === 'system' ? `${caller.organization}|CST` : (caller.fhirUser ?? 'nobody')],
});
