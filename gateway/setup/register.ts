import type { EntryWrite, IdentityRef, Role } from '@fhir-fabric-gateway/chaincode/api';
import type { Storage } from '../storage/client.ts';
import { operatorOf } from './operator.ts';

export interface Registration {
  mspId: string;
  role: Role;
  /** `Practitioner/2`, `Patient/1`: on the ledger already, and the organisation's own. */
  fhirUser?: string;
  /** New entries of the directory that are written with it, all or nothing: the Practitioner that `fhirUser` names. */
  directory?: readonly EntryWrite[];
}

/**
 * Gives somebody an identity on the ledger: a key and a certificate, then the entry that makes it count. Rejects with a
 * LedgerError: of a Practitioner or record that is not there or another organisation's, or a record that has its patient.
 */
export async function register(
  { mspId, role, fhirUser, directory = [] }: Registration,
  storage: Pick<Storage, 'ledger' | 'enroll'>,
): Promise<IdentityRef> {
  const identity = await storage.enroll(mspId, role);
  await storage.ledger.submit(operatorOf(mspId), [
    {
      fn: 'CreateAssets',
      assets: [
        ...directory.map((entry) => ({ kind: 'entry' as const, entry })),
        {
          kind: 'identity',
          ...identity,
          role,
          status: 'active',
          ...(fhirUser !== undefined && { fhirUser }),
        },
      ],
    },
  ]);
  return identity;
}
