import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { join } from 'node:path';

/** Where and when figures were taken, and of what. */
export interface Machine {
  date: string;
  cpu: string;
  cores: number;
  memoryGiB: number;
  system: string;
  node: string;
  /** The project's version, with its commit when Git knows it. */
  gateway: string;
  /** Of the peer in FABRIC_BIN, when that is set. */
  fabric?: string;
}

export function thisMachine(now: Date, fabricBin: string | undefined): Machine {
  const processors = cpus();
  const fabric = fabricBin === undefined ? undefined : fabricVersion(fabricBin);
  return {
    date: now.toISOString(),
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.version,
    gateway: gatewayVersion(),
    ...(fabric !== undefined && { fabric }),
  };
}

export const formatMachine = ({
  date,
  cpu,
  cores,
  memoryGiB,
  system,
  node,
  gateway,
  fabric,
}: Machine): string =>
  [
    ...[date.slice(0, 10), `gateway ${gateway}`, `Node ${node.slice(1)}`],
    ...(fabric === undefined ? [] : [`Fabric ${fabric}`]),
    ...[cpu, `${cores} cores`, `${memoryGiB} GiB`, system],
  ].join(', ');

function gatewayVersion(): string {
  const file = new URL('../../../package.json', import.meta.url);
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
  const commit = said('git', ['rev-parse', '--short', 'HEAD']);
  return commit === undefined ? version : `${version} (${commit})`;
}

const fabricVersion = (folder: string): string | undefined =>
  /Version: v?(\S+)/.exec(said(join(folder, 'peer'), ['version']) ?? '')?.[1];

/** What a program prints; undefined when it can't be run. */
function said(program: string, args: readonly string[]): string | undefined {
  try {
    return execFileSync(program, args, { stdio: ['ignore', 'pipe', 'ignore'], encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}
