import { hash } from 'node:crypto';
import type { LedgerBlock, LedgerTransaction, PrivateWrite } from '@fhir-fabric-gateway/chaincode/api';
import { ledger } from '@hyperledger/fabric-protos';
import { decodeOutcomes } from '../../../submit/errors.ts';
import { privateReads } from './private-reads.ts';
import type { PrivateWriteSet, RawBlock } from './raw-block.ts';
import { decodeTransaction, decodeWrites, type ChaincodeTransaction } from './transaction.ts';

/** The collection of the contract's private data. */
export const COLLECTION = 'ehr';

const VALID = 0;

/** Whose transactions and whose private data. */
export interface Scope {
  chaincode: string;
  collection: string;
}

/**
 * A block's transactions of one chaincode, with their private writes in one collection. What is hashed in the block and
 * not in the private data that came with it is `missing`. Throws an Error when a valid transaction can't be read.
 */
export function decodeBlock(raw: RawBlock, scope: Scope): LedgerBlock {
  const transactions: LedgerTransaction[] = [];
  raw.envelopes.forEach((envelope, index) => {
    const valid = raw.codes[index] === VALID;
    const found = valid ? decodeTransaction(envelope) : readable(envelope);
    if (!found) return;
    const { txId, time, creator } = found;
    const writes = valid ? writesOf(found, raw.privateData.get(index) ?? [], scope) : [];
    // Another chaincode may call this one: then it writes in a transaction of the other's.
    if (found.chaincode !== scope.chaincode && writes.length === 0) return;
    const reads = writes.some(({ effect }) => effect === 'missing') && {
      reads: privateReads(found.results, scope),
    };
    transactions.push({ txId, index, time, creator, valid, outcomes: outcomesOf(found), writes, ...reads });
  });
  return { number: raw.number, transactions };
}

/** What an invalid transaction was, if that can be told. */
function readable(envelope: Uint8Array): ChaincodeTransaction | undefined {
  try {
    return decodeTransaction(envelope);
  } catch {
    return undefined;
  }
}

/** Anyone may have a query ordered, whose answer is no list of outcomes; so may be that of an invalid transaction. */
function outcomesOf({ response }: ChaincodeTransaction): LedgerTransaction['outcomes'] {
  try {
    return decodeOutcomes(response);
  } catch {
    return [];
  }
}

function writesOf(
  { results }: ChaincodeTransaction,
  sets: readonly PrivateWriteSet[],
  { chaincode, collection }: Scope,
): PrivateWrite[] {
  const hashed = decodeWrites(results, chaincode).hashed.get(collection) ?? [];
  const set = sets.find((each) => each.namespace === chaincode && each.collection === collection);
  const there = set ? privateWrites(set.writes) : new Map<string, Written>();
  return hashed.map(({ keyHash, effect }): PrivateWrite => {
    const found = there.get(keyHash);
    if (effect === 'purge') return { keyHash, effect };
    if (effect === 'delete') return { ...(found && { key: found.key }), keyHash, effect };
    return found?.value
      ? { key: found.key, keyHash, effect, value: found.value }
      : { keyHash, effect: 'missing' };
  });
}

interface Written {
  key: string;
  /** undefined: deleted. */
  value: Uint8Array | undefined;
}

/** Private writes by the hash of their key. */
function privateWrites(bytes: Uint8Array): Map<string, Written> {
  return new Map(
    ledger.rwset.kvrwset.KVRWSet.deserializeBinary(bytes)
      .getWritesList()
      .map((write) => {
        const key = write.getKey();
        const value = write.getIsDelete() ? undefined : write.getValue_asU8();
        return [hash('sha256', key, 'hex'), { key, value }];
      }),
  );
}
