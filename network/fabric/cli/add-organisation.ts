import { addOrganisation } from '../network/add-organisation.ts';
import { whenAnswering } from '../network/lifecycle/answers.ts';
import { networkOf, readEnvironment } from './environment.ts';
import { readArguments, runCommand, UsageError } from './run.ts';

const USAGE = 'node network/fabric/cli/add-organisation.ts --name <name> [--peers 1|2]';

await runCommand(async () => {
  const { name, peers } = readArguments(USAGE, {
    name: { type: 'string' },
    peers: { type: 'string', default: '1' },
  }).values;
  if (name === undefined) throw new UsageError(`usage: ${USAGE}`);
  const network = networkOf(readEnvironment(process.env));
  const joined = await addOrganisation(network, { name, peers: Number(peers) }, (line) => console.log(line));
  await whenAnswering(joined);
  console.log(`${name} is a member; LEDGER=${joined.folders.connections}/${name}.json for its gateway`);
  return 0;
});
