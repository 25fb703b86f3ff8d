import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { common } from '@hyperledger/fabric-protos';
import type { Node, Organisation } from '../definition.ts';
import { inScratch } from '../material/files.ts';
import type { Network } from '../network.ts';
import { ordererArguments, peerTool } from './peer-tool.ts';

/** How long a peer may go without a further block while there are some. */
const LIMIT = 60_000;
const POLL = 250;

/** Resolves once every peer has the blocks that the orderers have now; rejects when one does not get on for a minute. */
export async function whenCaughtUp(network: Network): Promise<void> {
  const [first] = network.definition.organisations;
  if (!first) return;
  const height = await orderedHeight(network, first);
  for (const own of network.definition.organisations) {
    for (const node of own.peers) await whenAtHeight(network, own, node, height);
  }
}

async function whenAtHeight(network: Network, own: Organisation, node: Node, wanted: number): Promise<void> {
  let [best, deadline] = [-1, Date.now() + LIMIT];
  for (;;) {
    let refusal: unknown;
    // A peer that has just joined knows its own organisation only from the block that admits it.
    const height = await heightOf(network, own, node).catch((error: unknown) => {
      refusal = error;
      return -1;
    });
    if (height >= wanted) return;
    if (height > best) [best, deadline] = [height, Date.now() + LIMIT];
    if (Date.now() > deadline)
      throw refusal ?? new Error(`${node.name} has ${height} of ${wanted} blocks, and gets no more`);
    await delay(POLL);
  }
}

async function heightOf(network: Network, own: Organisation, node: Node): Promise<number> {
  const { channel } = network.definition;
  const output = await peerTool(network, own, ['channel', 'getinfo', '-c', channel], node);
  const { height } = JSON.parse(output.slice(output.indexOf('{'))) as { height: number };
  return height;
}

async function orderedHeight(network: Network, own: Organisation): Promise<number> {
  const { channel } = network.definition;
  return inScratch(async (folder) => {
    const file = join(folder, 'newest.block');
    const from = await ordererArguments(network);
    await peerTool(network, own, ['channel', 'fetch', 'newest', file, '-c', channel, ...from]);
    return (common.Block.deserializeBinary(readFileSync(file)).getHeader()?.getNumber() ?? -1) + 1;
  });
}
