import { defineNetwork } from '../definition.ts';
import { binariesIn } from '../native/binaries.ts';
import { newNetwork, openNetwork, type Network } from '../network.ts';
import { checkSame, type StartOptions } from '../start.ts';
import { step, StepError } from '../step.ts';
import { dockerCompose, hasDocker } from './docker.ts';
import { writeCompose } from './write.ts';

/** Where the programs are in the container that sets the network up. */
const BIN_INSIDE = '/usr/local/bin';

/** Profiles of the project: what sets it up, and what is started when wanted. */
const PROFILES = ['--profile', 'setup', '--profile', 'gateways'];

/**
 * Writes a Docker Compose project, with all its material, into the network's folder and, where Docker is, starts it and
 * has it set up. Resolves with whether it was started.
 */
export async function startCompose(options: StartOptions): Promise<{ network: Network; started: boolean }> {
  const { root, peers, basePort, batchTimeout, tell } = options;
  const there = openNetwork(root);
  if (there && !there.placement.containers)
    throw new Error(`The network in ${root} consists of processes of this machine. Take it down first.`);
  if (there) checkSame(there.definition, options, root);
  const definition = defineNetwork({
    ...(peers !== undefined && { peers }),
    ...(basePort !== undefined && { basePort }),
    ...(batchTimeout !== undefined && { batchTimeout }),
  });
  const network = await step(tell, 'write certificates, configuration and the compose file', () =>
    writeCompose(there ?? newNetwork(root, definition, binariesIn(BIN_INSIDE), true)),
  );
  if (!(await hasDocker())) return { network, started: false };
  await step(tell, 'docker compose up', () => compose(root, 'up', '--detach', '--build'));
  await step(tell, 'docker compose run setup', () => compose(root, 'run', '--rm', '--build', 'setup'));
  return { network, started: true };
}

/** Ends the containers of a project, where Docker is; without `keepData`, with their volumes. */
export async function stopCompose(root: string, keepData: boolean): Promise<void> {
  if (!(await hasDocker())) return;
  await compose(root, ...PROFILES, 'down', '--remove-orphans', ...(keepData ? [] : ['--volumes']));
}

async function compose(root: string, ...args: readonly string[]): Promise<void> {
  const status = await dockerCompose(root, ...args);
  if (status !== 0)
    throw new StepError(`docker compose ${args.join(' ')}`, { cause: new Error(`exit status ${status}`) });
}
