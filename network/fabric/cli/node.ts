import { startNode, stopNode } from '../network/node.ts';
import { networkOf, readEnvironment } from './environment.ts';
import { readArguments, runCommand, UsageError } from './run.ts';

const USAGE = 'node network/fabric/cli/node.ts start|stop|kill <name, as network:status says it>';

await runCommand(async () => {
  const [verb = '', name = ''] = readArguments(USAGE, {}, 2).positionals;
  const network = networkOf(readEnvironment(process.env));
  if (verb === 'start') await startNode(network, name);
  else if (verb === 'stop') await stopNode(network, name);
  else if (verb === 'kill') await stopNode(network, name, 'SIGKILL');
  else throw new UsageError(`usage: ${USAGE}`);
  return 0;
});
