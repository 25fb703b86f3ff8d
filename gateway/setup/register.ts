import type { IdentityRef, Role } from '@fhir-fabric-gateway/chaincode/api';
import type { Storage } from '../storage/client.ts';
import { operatorOf } from './found-ledger.ts';

export interface Registration {
  mspId: string;
  role: Role;
  /** `Practitioner/2`, `Patient/1`: on the ledger already, and the organisation's own. */
  fhirUser?: string;
}

/** Gives somebody an identity on the ledger: a key and a certificate, then the entry that makes it count. */
export async function register(
  { mspId, role, fhirUser }: Registration,
  storage: Pick<Storage, 'ledger' | 'enroll'>,
): Promise<IdentityRef> {
  const identity = await storage.enroll(mspId, role);
  await storage.ledger.submit(operatorOf(mspId), [
    {
      fn: 'CreateAssets',
      assets: [
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
