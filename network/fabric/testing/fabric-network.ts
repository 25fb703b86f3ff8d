import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { openNetwork, type Network } from '../network/network.ts';
import { startNetwork } from '../network/start.ts';
import { freeBasePort } from './ports.ts';
import { RUN_VARIABLE } from './runs.ts';

/** Counted as skipped where Fabric's programs are not there. */
export const describeFabric = process.env['FABRIC_BIN'] ? describe : describe.skip;

export interface TestNetworkOptions {
  peers?: 1 | 2;
  /** By default, when FABRIC_BIN has Fabric CA's server. */
  fabricCa?: boolean;
  /** As Go writes durations; the definition's own by default. */
  batchTimeout?: string;
  /** A network that no other test file gets: for tests that break it. */
  own?: boolean;
}

export interface TestNetwork {
  readonly network: Network;
  /** Its folder. */
  readonly root: string;
  /** An organisation's connection file: what `LEDGER` names. */
  connection(organisation: 'hospital' | 'lab'): string;
}

/**
 * A network that runs: one that an earlier test file started with the same options, or a new one, on free ports (some
 * seconds). Processes that such a file ended are started again. What runs is taken down after the last test file.
 */
export async function fabricNetwork(options: TestNetworkOptions = {}): Promise<TestNetwork> {
  const root = rootOf(options);
  const { own: _, ...wanted } = options;
  const { network } = await startNetwork({
    root,
    bin: resolve(process.env['FABRIC_BIN'] ?? ''),
    ...wanted,
    ...(!existsSync(root) && { basePort: await freeBasePort() }),
    tell: () => undefined,
  });
  return { network, root, connection: (name) => join(network.folders.connections, `${name}.json`) };
}

/** The network as its folder says it is now, after other commands changed it. */
export function reopened({ root }: TestNetwork): Network {
  const network = openNetwork(root);
  if (!network) throw new Error(`no network in ${root}`);
  return network;
}

function rootOf({ own, peers = 1, fabricCa, batchTimeout = '' }: TestNetworkOptions): string {
  const run = process.env[RUN_VARIABLE];
  if (run === undefined)
    throw new Error(`run these tests in jest's project fabric, which sets ${RUN_VARIABLE}`);
  const ca = fabricCa === undefined ? '' : fabricCa ? '-ca' : '-keys';
  const name = own ? randomBytes(4).toString('hex') : `${peers}${ca}${batchTimeout && `-${batchTimeout}`}`;
  return join(run, 'networks', name);
}
