import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { configtx, PROFILE } from '../material/configtx.ts';
import { writePublic } from '../material/files.ts';
import { runTool } from '../native/run-tool.ts';
import type { Network } from '../network.ts';
import { toYaml } from '../yaml.ts';

/** The channel's first block. */
export const genesisBlock = ({ folders, definition }: Network): string =>
  join(folders.channel, `${definition.channel}.block`);

/** Writes configtx.yaml and, by configtxgen, the channel's first block, unless it is there. */
export async function foundChannel(network: Network): Promise<void> {
  const block = genesisBlock(network);
  if (!existsSync(block)) await generateBlock(network, network.folders.channel, block);
}

/** Writes configtx.yaml into a folder and the block that would found the network as it is defined now. */
export async function generateBlock(network: Network, folder: string, block: string): Promise<void> {
  const { folders, definition, placement, binaries } = network;
  writePublic(join(folder, 'configtx.yaml'), toYaml(configtx(definition, folders, placement)));
  await runTool({
    command: binaries.configtxgen,
    args: [
      ...['-configPath', folder],
      ...['-profile', PROFILE],
      ...['-channelID', definition.channel],
      ...['-outputBlock', block],
    ],
  });
}
