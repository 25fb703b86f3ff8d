import { ledger } from '@hyperledger/fabric-protos';
import type { Scope } from './decode-block.ts';

/** Hashes (SHA-256, hexadecimal) of the private keys that a transaction read; `results` is its rwset.TxReadWriteSet. */
export function privateReads(results: Uint8Array, { chaincode, collection }: Scope): string[] {
  const { rwset } = ledger;
  const hashed = rwset.TxReadWriteSet.deserializeBinary(results)
    .getNsRwsetList()
    .find((each) => each.getNamespace() === chaincode)
    ?.getCollectionHashedRwsetList()
    .find((each) => each.getCollectionName() === collection);
  return rwset.kvrwset.HashedRWSet.deserializeBinary(hashed?.getHashedRwset_asU8() ?? new Uint8Array(0))
    .getHashedReadsList()
    .map((read) => Buffer.from(read.getKeyHash_asU8()).toString('hex'));
}
