import { statusOf } from '../network/status.ts';
import { networkOf, readEnvironment } from './environment.ts';
import { readArguments, runCommand } from './run.ts';

await runCommand(async () => {
  readArguments('npm run network:status', {});
  const nodes = await statusOf(networkOf(readEnvironment(process.env)));
  const width = Math.max(...nodes.map(({ name }) => name.length));
  for (const { name, condition, pid, problem } of nodes)
    console.log([name.padEnd(width), condition.padEnd(9), pid ?? '', problem ?? ''].join(' ').trimEnd());
  return nodes.every(({ condition }) => condition === 'healthy') ? 0 : 1;
});
