import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { KeyPair } from '../certificates/ca.ts';
import type { Node, Organisation } from '../definition.ts';
import { foldersOfOrganisation, type Network } from '../network.ts';
import { ping } from './ping.ts';

const LIMIT = 120_000;
const POLL = 250;

/**
 * Resolves once every peer's gateway service gets an answer of the chaincode from every peer of the channel: they have
 * then found each other, and every organisation's server runs. Rejects with what was answered last after two minutes.
 */
export async function whenAnswering(network: Network): Promise<void> {
  const deadline = Date.now() + LIMIT;
  for (const own of network.definition.organisations) {
    for (const node of own.peers) await whenAnsweringAt(network, own, node, deadline);
  }
}

async function whenAnsweringAt(
  network: Network,
  own: Organisation,
  node: Node,
  deadline: number,
): Promise<void> {
  const peers = network.definition.organisations.flatMap((org) => org.peers).length;
  const member = administrator(network, own);
  for (;;) {
    const { answered, problem } = await ping(network, { own, node, mspId: own.mspId, member });
    if (answered.size === peers) return;
    if (Date.now() > deadline) throw new Error(`the chaincode does not answer at ${node.name}: ${problem}`);
    await delay(POLL);
  }
}

function administrator(network: Network, own: Organisation): KeyPair {
  const folder = join(foldersOfOrganisation(network, own).admin, 'msp');
  return {
    certificate: readFileSync(join(folder, 'signcerts', 'certificate.pem'), 'utf8'),
    privateKey: readFileSync(join(folder, 'keystore', 'key.pem'), 'utf8'),
  };
}
