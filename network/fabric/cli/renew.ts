import { renewCertificates } from '../network/renew.ts';
import { networkOf, readEnvironment } from './environment.ts';
import { readArguments, runCommand } from './run.ts';

await runCommand(async () => {
  readArguments('node network/fabric/cli/renew.ts', {});
  await renewCertificates(networkOf(readEnvironment(process.env)), (line) => console.log(line));
  console.log('Every node has a new certificate.');
  return 0;
});
