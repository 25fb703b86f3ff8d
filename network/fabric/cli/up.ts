import { startCompose } from '../network/compose/start.ts';
import { composeFile } from '../network/compose/write.ts';
import { startNetwork, type StartOptions } from '../network/start.ts';
import { readEnvironment } from './environment.ts';
import { readArguments, runCommand } from './run.ts';

const USAGE = 'npm run network:up -- [--peers 1|2] [--no-fabric-ca] [--compose]';

await runCommand(async () => {
  const { values } = readArguments(USAGE, {
    peers: { type: 'string' },
    'no-fabric-ca': { type: 'boolean', default: false },
    compose: { type: 'boolean', default: false },
  });
  const options = {
    ...readEnvironment(process.env),
    ...(values.peers !== undefined && { peers: Number(values.peers) }),
    ...(values['no-fabric-ca'] && { fabricCa: false }),
    tell: (line: string) => console.log(line),
  };
  if (values.compose) return inContainers(options);
  const { network, was } = await startNetwork(options);
  const { folders, definition } = network;
  console.log(
    was === 'up' ? `The network in ${folders.root} is up already.` : `The network in ${folders.root} is up.`,
  );
  for (const { name } of definition.organisations)
    console.log(`LEDGER=${folders.connections}/${name}.json for the gateway of ${name}`);
  return 0;
});

async function inContainers(options: StartOptions): Promise<number> {
  const { started } = await startCompose(options);
  const compose = `docker compose --file ${composeFile(options.root)}`;
  if (started) console.log(`The containers of ${options.root} are up.`);
  else {
    console.log(`There is no docker compose here. Where it is:`);
    console.log(`${compose} up --detach --build`);
    console.log(`${compose} run --rm --build setup`);
  }
  console.log(`The gateways: ${compose} --profile gateways up --detach`);
  return 0;
}
