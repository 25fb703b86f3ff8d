import { join } from 'node:path';
import type { Node, Orderer, Organisation } from '../definition.ts';
import { runTool, ToolError } from '../native/run-tool.ts';
import { foldersOfOrganisation, type Network } from '../network.ts';
import { genesisBlock } from './found.ts';
import { peerTool } from './peer-tool.ts';

/** Has an orderer join the channel, unless it has. */
export async function joinOrderer(network: Network, node: Orderer): Promise<void> {
  const { channel } = network.definition;
  const listed = await osnadmin(network, node, ['channel', 'list', '--channelID', channel]);
  if (listed.status === 200) return;
  const joined = await osnadmin(network, node, [
    ...['channel', 'join', '--channelID', channel],
    ...['--config-block', genesisBlock(network)],
  ]);
  if (joined.status !== 201) throw new ToolError('osnadmin', ['channel', 'join'], joined.output);
}

/** osnadmin ends well whatever the orderer answers; the answer's status is in its output. */
async function osnadmin(network: Network, node: Orderer, args: string[]) {
  const { definition, folders, binaries, placement } = network;
  const tls = join(folders.organisation(definition.ordering.name).admin, 'tls');
  const output = await runTool({
    command: binaries.osnadmin,
    args: [
      ...args,
      ...['--orderer-address', `${placement.host(node.name)}:${node.adminPort}`],
      ...['--ca-file', join(tls, 'ca.crt')],
      ...['--client-cert', join(tls, 'server.crt')],
      ...['--client-key', join(tls, 'server.key')],
    ],
  });
  return { output, status: Number(/^Status: (\d+)/.exec(output)?.[1]) };
}

/** Has a peer join the channel, unless it has. Its private data and its blocks come from the others. */
export async function joinPeer(network: Network, own: Organisation, node: Node): Promise<void> {
  const { channel } = network.definition;
  const listed = await peerTool(network, own, ['channel', 'list'], node);
  if (listed.split('\n').includes(channel)) return;
  await peerTool(network, own, ['channel', 'join', '--blockpath', genesisBlock(network)], node);
}

/** The TLS root that an organisation's nodes are known by. */
export const tlsRootOf = (network: Network, own: { name: string }): string =>
  join(foldersOfOrganisation(network, own).tlsCa, 'certificate.pem');
