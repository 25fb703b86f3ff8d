import { takeDown } from '../network/down.ts';
import { readEnvironment } from './environment.ts';
import { readArguments, runCommand } from './run.ts';

await runCommand(async () => {
  const { values } = readArguments('npm run network:down -- [--keep-data]', {
    'keep-data': { type: 'boolean', default: false },
  });
  const { root } = readEnvironment(process.env);
  const ended = await takeDown(root, { keepData: values['keep-data'] });
  console.log(ended.length > 0 ? `Ended ${ended.join(', ')}.` : `Nothing ran in ${root}.`);
  return 0;
});
