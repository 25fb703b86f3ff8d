import './quiet.ts';
import { JSONSerializer } from 'fabric-contract-api';
import type { Contract } from 'fabric-contract-api';
import ChaincodeFromContract from 'fabric-shim/lib/contract-spi/chaincodefromcontract.js';
import { EhrContract } from './contract.ts';

export * from './api/index.ts';
export { EhrContract };
export { COLLECTION, SECRET_KEY } from './state/names.ts';
export type { Stub } from './state/stub.ts';
export { MAX_TRANSACTION_BYTES } from './transaction.ts';

/** The contract classes, as fabric-shim's dispatcher takes them. */
export const contracts: (new () => Contract)[] = [EhrContract];

/** The serializers of the dispatcher. */
export const serializers = {
  transaction: 'jsonSerializer',
  serializers: { jsonSerializer: JSONSerializer },
};

/** The contract behind fabric-shim's own dispatcher: `Invoke(stub)` runs one transaction. */
export function createChaincode(): ChaincodeFromContract {
  // A copy: the dispatcher adds a contract of its own to the array.
  return new ChaincodeFromContract([...contracts], serializers, {}, 'fhir-fabric-gateway', '0.1.0');
}
