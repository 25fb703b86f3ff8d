import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { changeConfig, configOfBlock, fetchConfig } from './channel/config.ts';
import { groupAt, groupUpdate, type Group } from './channel/config-update.ts';
import { generateBlock } from './channel/found.ts';
import { whenCaughtUp } from './channel/height.ts';
import { joinPeer } from './channel/join.ts';
import { define, serve } from './lifecycle/deploy.ts';
import { writeConnections } from './connections.ts';
import { organisation, type Definition, type Organisation } from './definition.ts';
import { inScratch } from './material/files.ts';
import { caSpec } from './native/ca.ts';
import { runNodes } from './native/run-nodes.ts';
import { peerSpec } from './native/specs.ts';
import type { Network } from './network.ts';
import type { Deployment } from './state.ts';
import { step, type Tell } from './step.ts';
import { writeMaterial } from './up.ts';

const APPLICATION = 'Application';

export interface Newcomer {
  /** Lower-case letters and digits: its domain is `<name>.example`, its MSP id `<Name>MSP`. */
  readonly name: string;
  /** 1 or 2. */
  readonly peers: number;
}

/**
 * Has a further organisation join the network: its certificates, CA, peers and chaincode server, its place in the channel
 * (signed by the founders) and in the collection (a new definition of the chaincode). Endorsement stays the founders'.
 * Its peers fetch blocks and private data from the beginning on. Where it broke off, it goes on when called again.
 */
export async function addOrganisation(network: Network, newcomer: Newcomer, tell: Tell): Promise<Network> {
  const { deployment } = network;
  if (!deployment) throw new Error('no chaincode is deployed yet');
  if (network.definition.organisations.some(({ name }) => name === newcomer.name))
    throw new RangeError(`${newcomer.name} is a member already`);
  const own = organisationOf(network.definition, newcomer);
  const joined: Network = {
    ...network,
    definition: { ...network.definition, organisations: [...network.definition.organisations, own] },
  };
  await step(tell, `certificates and configuration of ${own.name}`, () => writeMaterial(joined));
  await step(tell, `${own.name} in ${network.definition.channel}, signed by the founders`, () =>
    admit(network, joined, own),
  );
  await step(tell, `start CA and peers of ${own.name}`, () => startNodes(joined, own));
  const made = await step(tell, `chaincode of ${own.name}, version ${deployment.version}`, () =>
    serve(joined, own, deployment.version),
  );
  const next: Deployment = {
    ...deployment,
    sequence: deployment.sequence + 1,
    packages: { ...deployment.packages, [own.name]: made },
  };
  const deployed = await define(joined, next, tell);
  writeConnections(deployed);
  return deployed;
}

function organisationOf({ organisations, basePort }: Definition, { name, peers }: Newcomer): Organisation {
  if (!/^[a-z][a-z0-9]*$/.test(name) || name === 'orderer')
    throw new RangeError(`${name} is no name: lower-case letters and digits`);
  if (peers !== 1 && peers !== 2) throw new RangeError(`an organisation has 1 or 2 peers, not ${peers}`);
  return organisation(name, organisations.length, basePort, peers);
}

/** Puts the organisation into the channel's configuration, unless it is there. */
async function admit(network: Network, joined: Network, own: Organisation): Promise<void> {
  const { organisations, founders, channel } = network.definition;
  const signers = organisations.filter(({ mspId }) => founders.includes(mspId));
  const [first] = signers;
  if (!first) throw new RangeError('a network without founders');
  const { root } = await fetchConfig(network, first);
  if (groupAt(root, [APPLICATION]).getGroupsMap().has(own.mspId)) return;
  const group = await groupOf(joined, own);
  await changeConfig(network, signers, groupUpdate(channel, root, [APPLICATION], own.mspId, group));
}

/** The organisation as configtxgen writes it into a channel. */
async function groupOf(joined: Network, own: Organisation): Promise<Group> {
  return inScratch(async (folder) => {
    const block = join(folder, 'as-if-founded.block');
    await generateBlock(joined, folder, block);
    return groupAt(configOfBlock(readFileSync(block)).root, [APPLICATION, own.mspId]);
  });
}

async function startNodes(joined: Network, own: Organisation): Promise<void> {
  const ca = caSpec(joined, own);
  const peers = own.peers.map((node) => peerSpec(joined, own, node));
  await runNodes(joined, [...(ca ? [ca] : []), ...peers]);
  for (const node of own.peers) await joinPeer(joined, own, node);
  await whenCaughtUp(joined);
}
