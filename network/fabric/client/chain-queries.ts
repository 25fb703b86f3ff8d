import { common } from '@hyperledger/fabric-protos';
import type { StoredIdentity } from '@fhir-fabric-gateway/chaincode/api';
import { rawBlock } from './block/message.ts';
import type { RawBlock } from './block/raw-block.ts';
import type { FabricClient } from './fabric-client.ts';

/** The system chaincode that answers for a channel's blocks. */
const QSCC = 'qscc';

const ask = (client: Pick<FabricClient, 'evaluate'>, reader: StoredIdentity, fn: string, args: string[]) =>
  client.evaluate(reader, QSCC, { fn, args, transient: new Map() });

/** Number of blocks that the own peer has. Rejects as `FabricClient.evaluate` does. */
export async function chainHeight(
  client: Pick<FabricClient, 'evaluate'>,
  reader: StoredIdentity,
  channel: string,
): Promise<number> {
  const answer = await ask(client, reader, 'GetChainInfo', [channel]);
  return common.BlockchainInfo.deserializeBinary(answer).getHeight();
}

/** The block that has a transaction, without private data. Rejects with a LedgerError when the channel has none. */
export async function blockOfTransaction(
  client: Pick<FabricClient, 'evaluate'>,
  reader: StoredIdentity,
  channel: string,
  txId: string,
): Promise<RawBlock> {
  const answer = await ask(client, reader, 'GetBlockByTxID', [channel, txId]);
  return rawBlock(common.Block.deserializeBinary(answer));
}
