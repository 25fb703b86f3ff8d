import { whenAnswering } from '../network/lifecycle/answers.ts';
import { upgrade } from '../network/lifecycle/deploy.ts';
import { networkOf, readEnvironment } from './environment.ts';
import { readArguments, runCommand } from './run.ts';

await runCommand(async () => {
  readArguments('node network/fabric/cli/upgrade.ts', {});
  const upgraded = await upgrade(networkOf(readEnvironment(process.env)), (line) => console.log(line));
  await whenAnswering(upgraded);
  console.log(`Version ${upgraded.deployment?.version} of the chaincode answers.`);
  return 0;
});
