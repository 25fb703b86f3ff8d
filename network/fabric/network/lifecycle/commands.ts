import { join } from 'node:path';
import { peerTool, ordererArguments } from '../channel/peer-tool.ts';
import { tlsRootOf } from '../channel/join.ts';
import type { Organisation } from '../definition.ts';
import { writePublic } from '../material/files.ts';
import type { Network } from '../network.ts';
import { addressOf } from '../placement.ts';
import type { Deployment } from '../state.ts';
import { collections, endorsementPolicy } from './collection.ts';
import { packageFile } from './package.ts';

const LIFECYCLE = ['lifecycle', 'chaincode'];

/** Installs the organisation's package on all its peers that lack it. */
export async function install(
  network: Network,
  own: Organisation,
  version: number,
  id: string,
): Promise<void> {
  for (const node of own.peers) {
    const listed = await peerTool(network, own, [...LIFECYCLE, 'queryinstalled', '-O', 'json'], node);
    if (listed.includes(JSON.stringify(id))) continue;
    await peerTool(network, own, [...LIFECYCLE, 'install', packageFile(network, own, version)], node);
  }
}

/** Approves a deployment for an organisation, with its own package, unless it has. */
export async function approve(network: Network, own: Organisation, deployment: Deployment): Promise<void> {
  const id = deployment.packages[own.name]?.id;
  if (id === undefined) throw new RangeError(`${own.name} has no chaincode package`);
  if (await hasApproved(network, own, deployment)) return;
  await peerTool(network, own, [
    ...[...LIFECYCLE, 'approveformyorg', ...definitionArguments(network, deployment)],
    ...['--package-id', id],
    ...(await ordererArguments(network)),
  ]);
}

/** Whether the organisation's peer knows that it has approved a deployment, and with which package. */
export async function hasApproved(
  network: Network,
  own: Organisation,
  { sequence, packages }: Deployment,
): Promise<boolean> {
  const { channel, chaincode } = network.definition;
  try {
    const output = await peerTool(network, own, [
      ...[...LIFECYCLE, 'queryapproved', '-O', 'json', '--channelID', channel, '--name', chaincode],
      ...['--sequence', String(sequence)],
    ]);
    return output.includes(JSON.stringify(packages[own.name]?.id));
  } catch {
    // That nothing was approved is an error as well.
    return false;
  }
}

/** Commits a deployment, endorsed by a peer of every founder, unless it is committed. */
export async function commit(network: Network, deployment: Deployment): Promise<void> {
  const { organisations, founders } = network.definition;
  const endorsers = organisations.filter(({ mspId }) => founders.includes(mspId));
  const [first] = endorsers;
  if (!first) throw new RangeError('a network without organisations');
  if (await isCommitted(network, first, deployment)) return;
  await peerTool(network, first, [
    ...[...LIFECYCLE, 'commit', ...definitionArguments(network, deployment)],
    ...(await ordererArguments(network)),
    ...endorsers.flatMap((own) =>
      own.peers
        .slice(0, 1)
        .flatMap((node) => [
          ...['--peerAddresses', addressOf(network.placement, node)],
          ...['--tlsRootCertFiles', tlsRootOf(network, own)],
        ]),
    ),
  ]);
}

/** Whether an organisation's peer knows that a deployment, or a later one, is committed. */
export async function isCommitted(
  network: Network,
  own: Organisation,
  { sequence }: Deployment,
): Promise<boolean> {
  const { channel, chaincode } = network.definition;
  const output = await peerTool(network, own, [
    ...[...LIFECYCLE, 'querycommitted', '-O', 'json', '--channelID', channel],
  ]);
  const listed = JSON.parse(output) as { chaincode_definitions?: { name: string; sequence: number }[] };
  const found = listed.chaincode_definitions?.find(({ name }) => name === chaincode);
  return found !== undefined && found.sequence >= sequence;
}

/** What organisations approve and commit, as arguments of `peer`. */
function definitionArguments({ definition, folders }: Network, { sequence, version }: Deployment): string[] {
  const file = join(folders.channel, `collections-${sequence}.json`);
  writePublic(file, `${JSON.stringify(collections(definition), null, 2)}\n`);
  return [
    ...['--channelID', definition.channel, '--name', definition.chaincode],
    ...['--version', String(version), '--sequence', String(sequence)],
    ...['--signature-policy', endorsementPolicy(definition), '--collections-config', file],
  ];
}
