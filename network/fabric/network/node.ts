import { stop, type ProcessSpec } from './native/processes.ts';
import { runNodes } from './native/run-nodes.ts';
import { processesOf } from './native/specs.ts';
import type { Network } from './network.ts';

/** Throws a RangeError that names those that are there. */
export function processNamed(network: Network, name: string): ProcessSpec {
  const specs = processesOf(network);
  const found = specs.find((spec) => spec.name === name);
  if (found) return found;
  throw new RangeError(`no process ${name}; there are ${specs.map((spec) => spec.name).join(', ')}`);
}

/** Starts one process, and resolves once it is healthy. */
export async function startNode(network: Network, name: string): Promise<void> {
  await runNodes(network, [processNamed(network, name)]);
}

/** Ends one process; `SIGKILL` as if its machine had failed. Whether it ran. */
export async function stopNode(network: Network, name: string, signal?: NodeJS.Signals): Promise<boolean> {
  return stop(network.folders.run, processNamed(network, name).record, signal);
}
