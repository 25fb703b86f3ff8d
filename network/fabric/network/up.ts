import { foundChannel } from './channel/found.ts';
import { whenCaughtUp } from './channel/height.ts';
import { whenOrdering } from './channel/leader.ts';
import { joinOrderer, joinPeer } from './channel/join.ts';
import { whenAnswering } from './lifecycle/answers.ts';
import { deploy } from './lifecycle/deploy.ts';
import { writeConnections } from './connections.ts';
import { isWritten, writeOrdering, writeOrganisation } from './material/organisation.ts';
import { caSpec, writeCa } from './native/ca.ts';
import { runNodes } from './native/run-nodes.ts';
import { ordererSpec, peerSpec } from './native/specs.ts';
import { foldersOfOrganisation, type Network } from './network.ts';
import { step, type Tell } from './step.ts';

/** Brings a network up, from nothing or from what is there of it: what has been done is not done again. */
export async function bringUp(network: Network, tell: Tell): Promise<Network> {
  const { definition } = network;
  await step(tell, 'certificates and configuration', () => writeMaterial(network));
  await step(tell, 'the channel’s first block', () => foundChannel(network));
  const specs = [
    ...definition.organisations.flatMap((own) => caSpec(network, own) ?? []),
    ...definition.ordering.orderers.map((node) => ordererSpec(network, node)),
    ...definition.organisations.flatMap((own) => own.peers.map((node) => peerSpec(network, own, node))),
  ];
  await step(tell, 'start CAs, orderers and peers', () => runNodes(network, specs));
  await step(tell, `orderers join ${definition.channel}`, async () => {
    for (const node of definition.ordering.orderers) await joinOrderer(network, node);
    await whenOrdering(network);
  });
  await step(tell, `peers join ${definition.channel}`, async () => {
    for (const own of definition.organisations) {
      for (const node of own.peers) await joinPeer(network, own, node);
    }
    await whenCaughtUp(network);
  });
  writeConnections(network);
  const deployed = await deploy(network, tell);
  await step(tell, 'wait for the chaincode to answer', () => whenAnswering(deployed));
  return deployed;
}

/** Writes what certificates and configuration there are not yet. */
export async function writeMaterial(network: Network): Promise<void> {
  const { definition, placement } = network;
  const ordering = foldersOfOrganisation(network, definition.ordering);
  if (!isWritten(ordering)) await writeOrdering(definition.ordering, ordering, placement);
  for (const own of definition.organisations) {
    const folders = foldersOfOrganisation(network, own);
    if (isWritten(folders)) continue;
    await writeOrganisation(own, folders, placement);
    if (definition.fabricCa) writeCa(own, folders, placement.listen);
  }
}
