import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Orderer } from '../definition.ts';
import { get } from '../native/health.ts';
import { foldersOfOrganisation, type Network } from '../network.ts';

const LIMIT = 120_000;
const POLL = 200;

/** The name of the orderer that leads the others, as it says itself; undefined while none does. */
export async function leadingOrderer(network: Network): Promise<string | undefined> {
  const { orderers } = network.definition.ordering;
  const leading = await Promise.all(orderers.map((node) => leads(network, node).catch(() => false)));
  return orderers.find((_, at) => leading[at])?.name;
}

/** Resolves once an orderer leads: until then nothing is ordered. Rejects after two minutes. */
export async function whenOrdering(network: Network): Promise<void> {
  const deadline = Date.now() + LIMIT;
  while ((await leadingOrderer(network)) === undefined) {
    if (Date.now() > deadline) throw new Error('no orderer leads');
    await delay(POLL);
  }
}

async function leads(network: Network, { name, operationsPort }: Orderer): Promise<boolean> {
  const { definition, placement } = network;
  const tls = join(foldersOfOrganisation(network, definition.ordering).admin, 'tls');
  const metrics = await get(
    `https://${placement.host(name)}:${operationsPort}/metrics`,
    join(tls, 'ca.crt'),
    tls,
  );
  return metrics.includes(`consensus_etcdraft_is_leader{channel="${definition.channel}"} 1`);
}
