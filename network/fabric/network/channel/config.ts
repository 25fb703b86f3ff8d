import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { common } from '@hyperledger/fabric-protos';
import type { Node, Organisation } from '../definition.ts';
import type { Network } from '../network.ts';
import { inScratch } from '../material/files.ts';
import { ordererArguments, peerTool } from './peer-tool.ts';

/** The channel's configuration, and how often it has been changed. */
export interface ChannelConfig {
  readonly sequence: number;
  readonly root: common.ConfigGroup;
}

const LIMIT = 120_000;
const POLL = 250;

/** The configuration in a block that holds one. */
export function configOfBlock(bytes: Uint8Array): ChannelConfig {
  const [data] = common.Block.deserializeBinary(bytes).getData()?.getDataList_asU8() ?? [];
  if (!data) throw new RangeError('an empty block');
  const payload = common.Payload.deserializeBinary(common.Envelope.deserializeBinary(data).getPayload_asU8());
  const config = common.ConfigEnvelope.deserializeBinary(payload.getData_asU8()).getConfig();
  const root = config?.getChannelGroup();
  if (!config || !root) throw new RangeError('a block without configuration');
  return { sequence: config.getSequence(), root };
}

/** The configuration that the orderers hold; with `node`, the one that this peer of the organisation holds. */
export async function fetchConfig(network: Network, own: Organisation, node?: Node): Promise<ChannelConfig> {
  return inScratch(async (folder) => {
    const file = join(folder, 'config.block');
    const from = node ? [] : await ordererArguments(network);
    await peerTool(
      network,
      own,
      ['channel', 'fetch', 'config', file, '-c', network.definition.channel, ...from],
      node,
    );
    return configOfBlock(readFileSync(file));
  });
}

/**
 * Has `signers`' administrators sign a change of the configuration, sends it in the first one's name, and resolves once
 * every peer holds it.
 */
export async function changeConfig(
  network: Network,
  signers: readonly Organisation[],
  change: common.ConfigUpdate,
): Promise<void> {
  const [sender, ...others] = signers;
  if (!sender) throw new RangeError('a change of the configuration needs someone who signs it');
  const { sequence } = await fetchConfig(network, sender);
  await inScratch(async (folder) => {
    const file = join(folder, 'update.pb');
    writeFileSync(file, envelopeOf(network.definition.channel, change));
    for (const own of others) await peerTool(network, own, ['channel', 'signconfigtx', '-f', file]);
    await peerTool(network, sender, [
      ...['channel', 'update', '-f', file, '-c', network.definition.channel],
      ...(await ordererArguments(network)),
    ]);
  });
  for (const own of network.definition.organisations) {
    for (const node of own.peers) await whenAtPeer(network, own, node, sequence + 1);
  }
}

/** Resolves once a peer holds a configuration changed so often; rejects after two minutes. */
async function whenAtPeer(network: Network, own: Organisation, node: Node, sequence: number): Promise<void> {
  const deadline = Date.now() + LIMIT;
  for (;;) {
    const held = await fetchConfig(network, own, node);
    if (held.sequence >= sequence) return;
    if (Date.now() > deadline)
      throw new Error(`${node.name} has not applied the channel's new configuration`);
    await delay(POLL);
  }
}

function envelopeOf(channel: string, change: common.ConfigUpdate): Uint8Array {
  const header = new common.ChannelHeader();
  header.setType(common.HeaderType.CONFIG_UPDATE);
  header.setChannelId(channel);
  const update = new common.ConfigUpdateEnvelope();
  update.setConfigUpdate(change.serializeBinary());
  const payload = new common.Payload();
  const headers = new common.Header();
  headers.setChannelHeader(header.serializeBinary());
  payload.setHeader(headers);
  payload.setData(update.serializeBinary());
  const envelope = new common.Envelope();
  envelope.setPayload(payload.serializeBinary());
  return envelope.serializeBinary();
}
