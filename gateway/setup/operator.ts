import type { IdentityRef } from '@fhir-fabric-gateway/chaincode/api';

/** The pseudonym of an organisation's operator, who registers its people on the ledger. It names nobody. */
const OPERATOR = 'operator';

export const operatorOf = (mspId: string): IdentityRef => ({ mspId, pseudonym: OPERATOR });

/** The operator as the ledger registers it. */
export const operatorAsset = (mspId: string) =>
  ({ kind: 'identity', ...operatorOf(mspId), role: 'hr', status: 'active' }) as const;
