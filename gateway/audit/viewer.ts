import type { IdentityRef } from '@fhir-fabric-gateway/chaincode/api';
import type { Principal } from '../principal.ts';
import { INTERACTIONS } from './interactions.ts';
import { identityKey } from './row.ts';
import type { AuditWords } from './schema.ts';

/** Of the patients asked about, those whose record the caller may see now. */
export type MayRead = (patients: readonly string[]) => Promise<ReadonlySet<string>>;

/**
 * Who reads the log, and with that, which rows there are for them. Rows about somebody else do not exist for anyone who
 * may not see that record, and neither do rows that would tell that a refused request met something:
 * - patient: every row about the own record, refusals included, and what they did themselves that concerned no record
 * - staff (doctors, labs, systems, researchers): what they did themselves and were not refused, if it concerned no
 *   record, or one that they may see now
 * - hr: what people and systems of its organisation did that concerned no record, and their logins, refused ones too;
 *   of what others searched for, the type alone
 * Rows about an erased patient stay in the log, and are here for nobody: no token names that patient any more, and
 * `mayRead` says no.
 */
export type AuditViewer =
  | { kind: 'patient'; patient: string; identity: IdentityRef }
  | {
      kind: 'staff';
      identity: IdentityRef;
      mayRead: MayRead;
      /** Confined to this patient (`patient/` scopes). */ onlyPatient?: string;
    }
  | {
      kind: 'hr';
      identity: IdentityRef;
      /** Confined to a patient: no row is about one. */ onlyPatient?: string;
    };

/** The viewer that a principal is. */
export function viewerOf(principal: Principal, mayRead: MayRead, onlyPatient?: string): AuditViewer {
  const { identity, patient, requester } = principal;
  if (patient !== undefined) return { kind: 'patient', patient, identity };
  const confined = onlyPatient !== undefined && { onlyPatient };
  if (requester.role === 'hr') return { kind: 'hr', identity, ...confined };
  return { kind: 'staff', identity, mayRead, ...confined };
}

/** A set of rows in SQL, walked in the order of time along an index. Arms of one viewer have no row in common. */
export interface Arm {
  index: string;
  where: string;
  parameters: readonly (string | number)[];
}

const STRING = '(SELECT id FROM string WHERE value = ?)';
const logins = INTERACTIONS.flatMap(({ name }, number) =>
  name === 'login' || name === 'logout' ? [number] : [],
);

function armOfStaff(
  words: AuditWords,
  identity: string,
  allowed: Iterable<string>,
  withoutPatient: boolean,
): Arm {
  const seen = `e.patient IN (SELECT s.id FROM ${words.listed} JOIN string s ON s.value = j.value)`;
  return {
    index: withoutPatient ? 'event_identity' : 'event_patient',
    where: `e.identity = ${STRING} AND e.outcome = 0 AND ${withoutPatient ? `(e.patient IS NULL OR ${seen})` : `e.patient IS NOT NULL AND ${seen}`}`,
    parameters: [identity, JSON.stringify([...allowed])],
  };
}

/**
 * The rows that are there for a viewer. `named`: the patients to which the search confines itself, if it does;
 * `patientsOf` says whom the rows of an identity concern, and is asked only for staff whose search names none.
 */
export async function armsOf(
  words: AuditWords,
  viewer: AuditViewer,
  named: readonly string[] | undefined,
  patientsOf: (identity: string) => Promise<readonly string[]>,
): Promise<Arm[]> {
  switch (viewer.kind) {
    case 'patient':
      return [
        { index: 'event_patient', where: `e.patient = ${STRING}`, parameters: [viewer.patient] },
        {
          index: 'event_identity',
          where: `e.identity = ${STRING} AND e.patient IS NULL AND e.outcome = 0`,
          parameters: [identityKey(viewer.identity.mspId, viewer.identity.pseudonym)],
        },
      ];
    case 'staff': {
      const identity = identityKey(viewer.identity.mspId, viewer.identity.pseudonym);
      const only = viewer.onlyPatient;
      const confined = only === undefined ? named : named === undefined || named.includes(only) ? [only] : [];
      const asked = confined ?? (await patientsOf(identity));
      const allowed = asked.length > 0 ? await viewer.mayRead(asked) : new Set<string>();
      return [
        armOfStaff(
          words,
          identity,
          asked.filter((patient) => allowed.has(patient)),
          confined === undefined,
        ),
      ];
    }
    case 'hr':
      if (viewer.onlyPatient !== undefined) return [];
      return [
        {
          index: 'event_msp',
          where: `e.msp = ${STRING} AND e.patient IS NULL AND (e.outcome = 0 OR e.interaction IN (${logins.join()}))`,
          parameters: [viewer.identity.mspId],
        },
      ];
  }
}
