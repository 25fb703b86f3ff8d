import { isRunning, readRecord, recordNames } from './native/process-record.ts';
import type { ProcessSpec } from './native/processes.ts';
import { processesOf } from './native/specs.ts';
import type { Network } from './network.ts';

/** `healthy`; `unhealthy`: it runs, and does not answer; `ended`: it was started and is gone; `stopped`. */
export type Condition = 'healthy' | 'unhealthy' | 'ended' | 'stopped';

export interface NodeStatus {
  readonly name: string;
  readonly kind: ProcessSpec['kind'];
  readonly condition: Condition;
  readonly pid?: number;
  /** Why it is not healthy. */
  readonly problem?: string;
}

const ASK_DOCKER = 'the nodes of this network are containers: ask `docker compose ps`';

/** How every process of the network is. */
export async function statusOf(network: Network): Promise<NodeStatus[]> {
  if (network.placement.containers) throw new Error(ASK_DOCKER);
  return Promise.all(processesOf(network).map((spec) => statusOfProcess(network.folders.run, spec)));
}

/** Names of processes that run and are no member's: of an organisation that has not joined to the end, say. */
export function straysOf(network: Network): string[] {
  const { run } = network.folders;
  const known = new Set(processesOf(network).map(({ record }) => record));
  return recordNames(run).filter((name) => !known.has(name) && isRunning(readRecord(run, name)));
}

async function statusOfProcess(run: string, spec: ProcessSpec): Promise<NodeStatus> {
  const { name, kind } = spec;
  const record = readRecord(run, spec.record);
  if (!isRunning(record)) return { name, kind, condition: record ? 'ended' : 'stopped' };
  const { pid } = record;
  try {
    await spec.health();
    return { name, kind, condition: 'healthy', pid };
  } catch (error) {
    return { name, kind, condition: 'unhealthy', pid, problem: String(error) };
  }
}
