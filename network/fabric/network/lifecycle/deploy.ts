import type { Organisation } from '../definition.ts';
import { stop } from '../native/processes.ts';
import { runNodes } from '../native/run-nodes.ts';
import { chaincodeRecord, chaincodeSpec } from '../native/specs.ts';
import { saveNetwork, type Network } from '../network.ts';
import type { Deployment, Package } from '../state.ts';
import { step, type Tell } from '../step.ts';
import { approve, commit, hasApproved, install, isCommitted } from './commands.ts';
import { packageChaincode } from './package.ts';

const FIRST: Deployment = { sequence: 1, version: 1, packages: {} };

/**
 * Has every organisation's package installed and its server run, and the definition approved and committed, as far as
 * that has not been done: the first version on a new network, and what is missing of the last one on another.
 */
export async function deploy(network: Network, tell: Tell): Promise<Network> {
  const deployment = network.deployment ?? FIRST;
  const served = await serveAll(network, deployment, tell);
  const deployed = (await isDefined(network, served))
    ? saveNetwork({ ...network, deployment: served })
    : await define(network, served, tell);
  await endOthers(deployed, [deployment.version - 1, deployment.version + 1]);
  return deployed;
}

/** Whether it is committed. Rejects when it is and an organisation's only peer lost what it approved. */
async function isDefined(network: Network, deployment: Deployment): Promise<boolean> {
  const [first] = network.definition.organisations;
  if (!first || !(await isCommitted(network, first, deployment))) return false;
  for (const own of network.definition.organisations) {
    if (await hasApproved(network, own, deployment)) continue;
    throw new Error(
      `The peers of ${own.name} do not know which package ${own.name} approved, which no other organisation knows. ` +
        'Deploy the next version: node network/fabric/cli/upgrade.ts',
    );
  }
  return true;
}

/**
 * A new version of the chaincode in place: its servers start beside the old ones, which end once every organisation has
 * approved it and it is committed. What the ledger holds stays. Where it broke off, it goes on when called again.
 */
export async function upgrade(network: Network, tell: Tell): Promise<Network> {
  const { deployment } = network;
  if (!deployment) throw new Error('no chaincode is deployed yet');
  const next = { ...deployment, sequence: deployment.sequence + 1, version: deployment.version + 1 };
  const upgraded = await define(network, await serveAll(network, next, tell), tell);
  await step(tell, `end version ${deployment.version}`, () => endOthers(upgraded, [deployment.version]));
  return upgraded;
}

async function serveAll(network: Network, deployment: Deployment, tell: Tell): Promise<Deployment> {
  const packages: Record<string, Package> = { ...deployment.packages };
  for (const own of network.definition.organisations) {
    packages[own.name] = await step(tell, `chaincode of ${own.name}, version ${deployment.version}`, () =>
      serve(network, own, deployment.version),
    );
  }
  return { ...deployment, packages };
}

/** Ends servers of versions that an upgrade left behind. */
async function endOthers(network: Network, versions: readonly number[]): Promise<void> {
  for (const own of network.definition.organisations) {
    for (const version of versions) await stop(network.folders.run, chaincodeRecord(own, version));
  }
}

/** Approves a deployment for every organisation and commits it. */
export async function define(network: Network, deployment: Deployment, tell: Tell): Promise<Network> {
  for (const own of network.definition.organisations) {
    await step(tell, `${own.name} approves the chaincode`, () => approve(network, own, deployment));
  }
  await step(tell, 'commit the chaincode', () => commit(network, deployment));
  return saveNetwork({ ...network, deployment });
}

/** Packages and installs a version for an organisation, and starts its server. */
export async function serve(network: Network, own: Organisation, version: number): Promise<Package> {
  const made = packageChaincode(network, own, version);
  await install(network, own, version, made.id);
  await runNodes(network, [chaincodeSpec(network, own, made)]);
  return made;
}
