import { randomBytes, randomUUID } from 'node:crypto';
import {
  LedgerError,
  ROLES,
  type Command,
  type EntryWrite,
  type IdentityRef,
  type Ledger,
} from '@fhir-fabric-gateway/chaincode/api';
import type { TestAuthority } from '../client/testing/identities.ts';

/** The gateway's operator, who may be there already: this one has another certificate of the same name. */
const OPERATOR = 'operator';
const ORGANIZATION = 'Organization/hospital';
/** An Observation of 600 bytes as the gateway packs it. */
const CONTENT_BYTES = 112;

/** Who writes, and into which records. */
export interface Records {
  writers: readonly IdentityRef[];
  patients: readonly string[];
}

/** Registers so many systems of the hospital, and opens so many records; founds the ledger when nobody has. */
export async function openRecords(
  ledger: Ledger,
  authority: TestAuthority,
  { writers, patients }: { writers: number; patients: number },
): Promise<Records> {
  const { mspId } = authority;
  const operator = await authority.enroll('hr', OPERATOR);
  try {
    await ledger.submit(operator, [
      {
        fn: 'CreateAssets',
        assets: [
          { kind: 'organisation', mspId, organization: ORGANIZATION, roles: [...ROLES] },
          { kind: 'identity', ...operator, role: 'hr', status: 'active' },
        ],
      },
    ]);
  } catch (error) {
    if (!(error instanceof LedgerError && error.code === 'EXISTS')) throw error;
  }
  const systems = await Promise.all(
    Array.from({ length: writers }, async () => {
      const system = await authority.enroll('system');
      await ledger.submit(operator, [
        { fn: 'CreateAssets', assets: [{ kind: 'identity', ...system, role: 'system', status: 'active' }] },
      ]);
      return system;
    }),
  );
  const [opener = operator] = systems;
  const opened = await Promise.all(
    Array.from({ length: patients }, async () => {
      const patient = randomUUID();
      await ledger.submit(opener, [opening(patient)]);
      return patient;
    }),
  );
  return { writers: systems, patients: opened };
}

/** Opens a record, with the grant that its Consent gives to the systems of the hospital. */
const opening = (patient: string): Command => ({
  fn: 'CreateMedicalRecord',
  entry: entryOf('Patient', patient, patient, 'personal'),
  consent: {
    entry: entryOf('Consent', randomUUID(), patient, 'consent'),
    grants: { [ORGANIZATION]: { type: 'permit', actors: [`${ORGANIZATION}|CST`] } },
  },
});

/** Creates an Observation in a record. */
export const observationOf = (patient: string): Command => ({
  fn: 'CreateAssets',
  assets: [{ kind: 'entry', entry: entryOf('Observation', randomUUID(), patient, 'vitals') }],
});

const entryOf = (type: string, id: string, patient: string, section: EntryWrite['section']): EntryWrite => ({
  type,
  id,
  home: 'patient',
  patient,
  ...(section && { section }),
  enc: 'none',
  kid: '',
  content: randomBytes(CONTENT_BYTES),
});
