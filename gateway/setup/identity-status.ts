import type { IdentityRef, Role } from '@fhir-fabric-gateway/chaincode/api';
import type { Storage } from '../storage/client.ts';
import { operatorOf } from './operator.ts';

/** An identity that the ledger knows, as it was registered. */
export interface RegisteredIdentity {
  identity: IdentityRef;
  role: Role;
  fhirUser?: string;
}

/**
 * Closes an identity on the ledger, so that nothing it signs counts, or opens it again. Rejects with a LedgerError: a
 * patient's can't be opened when the record is erased (ERASED) or has another patient's identity by now (EXISTS).
 */
export async function setIdentityStatus(
  { identity, role, fhirUser }: RegisteredIdentity,
  status: 'active' | 'disabled',
  storage: Pick<Storage, 'ledger'>,
): Promise<void> {
  await storage.ledger.submit(operatorOf(identity.mspId), [
    {
      fn: 'UpdateAsset',
      asset: { kind: 'identity', ...identity, role, status, ...(fhirUser !== undefined && { fhirUser }) },
    },
  ]);
}
