import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { runTool } from './run-tool.ts';

/** Fabric's programs, by path. */
export interface Binaries {
  readonly folder: string;
  readonly peer: string;
  readonly orderer: string;
  readonly configtxgen: string;
  readonly osnadmin: string;
  /** Fabric CA's server, which a network can do without. */
  readonly caServer: string;
}

const REQUIRED = ['peer', 'orderer', 'configtxgen', 'osnadmin'] as const;
/** purgePrivateData came with 2.5. */
const LEAST = [2, 5] as const;

/** Where the programs are, if they are there. */
export const binariesIn = (folder: string): Binaries => ({
  folder,
  peer: join(folder, 'peer'),
  orderer: join(folder, 'orderer'),
  configtxgen: join(folder, 'configtxgen'),
  osnadmin: join(folder, 'osnadmin'),
  caServer: join(folder, 'fabric-ca-server'),
});

/**
 * Rejects when one of the programs is missing or can't be run, or they are older than 2.5. `onlyTools`: no orderer is to
 * be started here.
 */
export async function checkBinaries(binaries: Binaries, onlyTools = false): Promise<void> {
  const { folder, peer } = binaries;
  const required = REQUIRED.filter((name) => !(onlyTools && name === 'orderer'));
  const missing = required.filter((name) => !isProgram(binaries[name]));
  if (missing.length > 0)
    throw new Error(`FABRIC_BIN=${folder} has no ${missing.join(', no ')} that can be run`);
  const output = await runTool({ command: peer, args: ['version'] });
  const [, major, minor] = /Version: v?(\d+)\.(\d+)/.exec(output) ?? [];
  if (major === undefined || minor === undefined) throw new Error(`${peer} does not say its version`);
  const newEnough = Number(major) > LEAST[0] || (Number(major) === LEAST[0] && Number(minor) >= LEAST[1]);
  if (!newEnough) throw new Error(`${peer} is Fabric ${major}.${minor}; 2.5 or later is needed`);
}

export function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
