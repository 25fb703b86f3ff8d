import { defineNetwork, type Definition } from './definition.ts';
import { binariesIn, checkBinaries, isProgram } from './native/binaries.ts';
import { newNetwork, openNetwork, type Network } from './network.ts';
import { statusOf } from './status.ts';
import { step, type Tell } from './step.ts';
import { bringUp } from './up.ts';

export interface StartOptions {
  /** Folder of the network. */
  readonly root: string;
  /** Folder of Fabric's programs; without it, the one that the network was started with. */
  readonly bin?: string;
  readonly basePort?: number;
  readonly peers?: number;
  readonly batchTimeout?: string;
  /** By default, whether `bin` has Fabric CA's server. */
  readonly fabricCa?: boolean;
  readonly tell: Tell;
}

/** A network that runs, and what it was before: nothing, on disk only or in part, or up already. */
export interface Started {
  readonly network: Network;
  readonly was: 'new' | 'down' | 'up';
}

/**
 * Starts the network in a folder: a new one, or what is missing of the one that is there. Rejects with a StepError, or
 * with an Error when programs are missing or the network that is there was made with other options.
 */
export async function startNetwork(options: StartOptions): Promise<Started> {
  const { root, bin, tell } = options;
  const there = openNetwork(root, bin);
  const folder = there?.binaries.folder ?? bin;
  if (folder === undefined)
    throw new Error(
      'Set FABRIC_BIN to the folder that holds peer, orderer, configtxgen and osnadmin of Fabric 2.5.',
    );
  const binaries = binariesIn(folder);
  await checkBinaries(binaries, there?.placement.containers ?? false);
  if (there) return resume(there, options);
  const { peers, basePort, batchTimeout, fabricCa = isProgram(binaries.caServer) } = options;
  const definition = defineNetwork({
    fabricCa,
    ...(peers !== undefined && { peers }),
    ...(basePort !== undefined && { basePort }),
    ...(batchTimeout !== undefined && { batchTimeout }),
  });
  return { network: await bringUp(newNetwork(root, definition, binaries), tell), was: 'new' };
}

async function resume(network: Network, options: StartOptions): Promise<Started> {
  checkSame(network.definition, options, network.folders.root);
  const up = !network.placement.containers && (await isUp(network, options.tell));
  return { network: await bringUp(network, options.tell), was: up ? 'up' : 'down' };
}

async function isUp(network: Network, tell: Tell): Promise<boolean> {
  const nodes = await step(tell, 'look at what is there', () => statusOf(network));
  return network.deployment !== undefined && nodes.every(({ condition }) => condition === 'healthy');
}

/** What a network was founded with can't be changed by starting it. */
export function checkSame(
  { organisations, basePort, batch, fabricCa }: Definition,
  wanted: StartOptions,
  root: string,
) {
  const differing = [
    wanted.peers !== undefined && wanted.peers !== organisations[0]?.peers.length && '--peers',
    wanted.basePort !== undefined && wanted.basePort !== basePort && 'FABRIC_BASE_PORT',
    wanted.batchTimeout !== undefined && wanted.batchTimeout !== batch.timeout && 'FABRIC_BATCH_TIMEOUT',
    wanted.fabricCa !== undefined && wanted.fabricCa !== fabricCa && '--no-fabric-ca',
  ].filter((name) => name !== false);
  if (differing.length > 0)
    throw new Error(
      `The network in ${root} was made with another ${differing.join(', ')}. Take it down first, or leave it out.`,
    );
}
