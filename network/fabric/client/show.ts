import { LedgerError, type IdentityStore, type LedgerTransaction } from '@fhir-fabric-gateway/chaincode/api';
import type { FabricConfig } from '../../config.ts';
import { decodeBlock } from './block/decode-block.ts';
import { decodeTransaction, decodeWrites, type HashedWrite } from './block/transaction.ts';
import { blockOfTransaction } from './chain-queries.ts';
import { seated } from './seat.ts';

/** A transaction of the contract as its block has it; what it wrote in private as hashes. */
export interface ShownFabricTransaction extends Omit<LedgerTransaction, 'writes'> {
  block: number;
  /** Fabric's TxValidationCode; 0 is VALID. */
  code: number;
  publicWrites: readonly { key: string; value: string | undefined }[];
  privateWrites: readonly (Omit<HashedWrite, 'valueHash'> & { valueHash: string })[];
}

/** A transaction of the contract; undefined when the channel has none with this id. Rejects with a LedgerError. */
export async function showFabricTransaction(
  config: FabricConfig,
  deps: { identities: IdentityStore },
  txId: string,
): Promise<ShownFabricTransaction | undefined> {
  return seated(config, deps.identities, async ({ client, reader, channel, scope }) => {
    const raw = await blockOfTransaction(client, reader, channel, txId).catch((error: unknown) => {
      if (error instanceof LedgerError && error.code === 'INTERNAL') return undefined;
      throw error;
    });
    const found = raw && decodeBlock(raw, scope).transactions.find((each) => each.txId === txId);
    const transaction = raw && found && decodeTransaction(raw.envelopes[found.index] ?? new Uint8Array(0));
    if (!raw || !found || !transaction) return undefined;
    const { writes: _, ...rest } = found;
    const writes = decodeWrites(transaction.results, scope.chaincode);
    return {
      block: raw.number,
      code: raw.codes[found.index] ?? 0,
      ...rest,
      publicWrites: writes.public.map(({ key, value }) => ({ key, value: value && text(value) })),
      privateWrites: (writes.hashed.get(scope.collection) ?? []).map((write) => ({
        ...write,
        valueHash: Buffer.from(write.valueHash).toString('hex'),
      })),
    };
  });
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
