import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freeBasePort } from './base-port.ts';
import { runScript } from './command.ts';
import { leadingOrderer } from './leader.ts';

export type OrganisationName = 'hospital' | 'lab';

/** A Fabric network of this machine, in the hands of whoever has the operator's commands. */
export interface FabricNetwork {
  readonly folder: string;
  /** An organisation's connection file: what `LEDGER` names. */
  connection(organisation: OrganisationName): string;
  /** Ends a process, as an operator would, or as if its machine had failed. */
  stop(node: string): Promise<void>;
  kill(node: string): Promise<void>;
  /** Starts it again; resolves once it is healthy. */
  start(node: string): Promise<void>;
  /** Halts a process where it is, its connections open, or lets it go on. */
  signal(node: string, signal: 'SIGSTOP' | 'SIGCONT'): void;
  /** The name of the orderer that leads now; waits until there is one. */
  leader(): Promise<string>;
  /** Ends everything, and removes what the network wrote. */
  down(): Promise<void>;
}

const CLI = 'network/fabric/cli';

/** Counted as skipped where Fabric's programs are not there. */
export const describeFabric = process.env['FABRIC_BIN'] ? describe : describe.skip;

/** Brings up a network of its own, with so many peers for each organisation (some seconds). */
export async function startNetwork({ peers }: { peers: 1 | 2 }): Promise<FabricNetwork> {
  const folder = newFolder();
  const env = {
    FABRIC_DIR: folder,
    FABRIC_BIN: resolve(process.env['FABRIC_BIN'] ?? ''),
    FABRIC_BASE_PORT: String(await freeBasePort()),
  };
  const node = async (verb: string, name: string) =>
    void (await runScript(`${CLI}/node.ts`, [verb, name], env));
  await runScript(`${CLI}/up.ts`, ['--peers', String(peers)], env);
  return {
    folder,
    connection: (organisation) => join(folder, 'connections', `${organisation}.json`),
    stop: (name) => node('stop', name),
    kill: (name) => node('kill', name),
    start: (name) => node('start', name),
    signal(name, signal) {
      // The first line of the record that `node.ts start` leaves.
      process.kill(parseInt(readFileSync(join(folder, 'run', `${name}.pid`), 'utf8'), 10), signal);
    },
    leader: () => leadingOrderer(folder),
    async down() {
      await runScript(`${CLI}/down.ts`, [], env);
    },
  };
}

/** With the other networks of a run of tests, where what a killed run leaves is taken down; else one of its own. */
function newFolder(): string {
  const run = process.env['FABRIC_TEST_DIR'];
  return run === undefined
    ? mkdtempSync(join(tmpdir(), 'conformance-fabric-'))
    : join(run, 'networks', `conformance-${randomBytes(4).toString('hex')}`);
}
