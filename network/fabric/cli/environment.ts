import { resolve } from 'node:path';
import { openNetwork, type Network } from '../network/network.ts';

/** What the environment says about the network of this machine. */
export interface Environment {
  /** Folder of the network. */
  readonly root: string;
  /** Folder of Fabric's programs. */
  readonly bin?: string;
  readonly basePort?: number;
  readonly batchTimeout?: string;
}

const HIGHEST_BASE = 65_000;

/** FABRIC_DIR, FABRIC_BIN, FABRIC_BASE_PORT and FABRIC_BATCH_TIMEOUT. Throws an Error that names the one that is wrong. */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  const { FABRIC_DIR, FABRIC_BIN, FABRIC_BASE_PORT, FABRIC_BATCH_TIMEOUT } = env;
  const basePort = Number(FABRIC_BASE_PORT);
  if (FABRIC_BASE_PORT && (!Number.isInteger(basePort) || basePort < 1024 || basePort > HIGHEST_BASE))
    throw new Error(`FABRIC_BASE_PORT=${FABRIC_BASE_PORT} is no port from 1024 to ${HIGHEST_BASE}`);
  if (FABRIC_BATCH_TIMEOUT && !/^\d+(ms|s)$/.test(FABRIC_BATCH_TIMEOUT))
    throw new Error(`FABRIC_BATCH_TIMEOUT=${FABRIC_BATCH_TIMEOUT} is no time such as 20ms or 2s`);
  return {
    root: resolve(FABRIC_DIR || '.data/fabric'),
    ...(FABRIC_BASE_PORT && { basePort }),
    ...(FABRIC_BIN && { bin: resolve(FABRIC_BIN) }),
    ...(FABRIC_BATCH_TIMEOUT && { batchTimeout: FABRIC_BATCH_TIMEOUT }),
  };
}

/** The network that the environment names; throws when there is none. */
export function networkOf({ root, bin }: Environment): Network {
  const network = openNetwork(root, bin);
  if (!network) throw new Error(`no network in ${root}; \`npm run network:up\` makes one`);
  return network;
}
