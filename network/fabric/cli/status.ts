import { statusOf, straysOf } from '../network/status.ts';
import { networkOf, readEnvironment } from './environment.ts';
import { readArguments, runCommand } from './run.ts';

await runCommand(async () => {
  readArguments('npm run network:status', {});
  const network = networkOf(readEnvironment(process.env));
  const nodes = await statusOf(network);
  const strays = straysOf(network);
  const width = Math.max(...nodes.map(({ name }) => name.length));
  for (const { name, condition, pid, problem } of nodes)
    console.log([name.padEnd(width), condition.padEnd(9), pid ?? '', problem ?? ''].join(' ').trimEnd());
  for (const name of strays)
    console.log(
      `${name.padEnd(width)} runs, and is no member’s: a joining or an upgrade has not come to its end`,
    );
  return strays.length === 0 && nodes.every(({ condition }) => condition === 'healthy') ? 0 : 1;
});
