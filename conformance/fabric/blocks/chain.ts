import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { blocksIn, type Block } from './block-file.ts';

const FILE = /^blockfile_\d+$/;

/** The channel's blocks as each node of a network has them, in order, by the node's name. */
export function chainsOf(folder: string): Map<string, Block[]> {
  const chains = new Map<string, Block[]>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !FILE.test(entry.name)) continue;
    const [, node = ''] = /nodes[/\\]([^/\\]+)/.exec(entry.parentPath) ?? [];
    const blocks = [...(chains.get(node) ?? []), ...blocksIn(join(entry.parentPath, entry.name))];
    chains.set(
      node,
      blocks.sort((a, b) => a.number - b.number),
    );
  }
  return chains;
}

/** Whether every block has the hash of its own transactions: what was read of it is all there is. */
export const isWhole = ({ dataHash, envelopes }: Block): boolean =>
  createHash('sha256').update(Buffer.concat(envelopes)).digest().equals(dataHash);
