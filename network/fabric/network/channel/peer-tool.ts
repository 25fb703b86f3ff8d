import { join } from 'node:path';
import type { Node, Organisation } from '../definition.ts';
import { runTool } from '../native/run-tool.ts';
import { ordererSpec } from '../native/specs.ts';
import { foldersOfOrganisation, type Network } from '../network.ts';
import { addressOf } from '../placement.ts';

/** Runs `peer` with arguments, as the organisation's administrator, against one of its peers (the first by default). */
export async function peerTool(
  network: Network,
  own: Organisation,
  args: readonly string[],
  node: Node | undefined = own.peers[0],
): Promise<string> {
  if (!node) throw new RangeError(`${own.name} has no peer`);
  const folders = foldersOfOrganisation(network, own);
  const folder = folders.node(node.name);
  return runTool({
    command: network.binaries.peer,
    args,
    env: {
      FABRIC_CFG_PATH: folder,
      FABRIC_LOGGING_SPEC: 'warn',
      CORE_PEER_LOCALMSPID: own.mspId,
      CORE_PEER_MSPCONFIGPATH: join(folders.admin, 'msp'),
      CORE_PEER_ADDRESS: addressOf(network.placement, node),
      CORE_PEER_TLS_ROOTCERT_FILE: join(folder, 'tls', 'ca.crt'),
    },
  });
}

/** Arguments of `peer` that name an orderer: the first that is healthy. Rejects when none is. */
export async function ordererArguments(network: Network): Promise<string[]> {
  const { ordering } = network.definition;
  const node = await Promise.any(
    ordering.orderers.map(async (orderer) => {
      await ordererSpec(network, orderer).health();
      return orderer;
    }),
  );
  const root = join(foldersOfOrganisation(network, ordering).tlsCa, 'certificate.pem');
  return ['-o', addressOf(network.placement, node), '--tls', '--cafile', root];
}
