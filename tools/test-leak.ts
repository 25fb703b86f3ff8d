import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';

/** `npm run test:leak -- --cases N --seed S`: the non-interference test (docs/adr/0026), as long as one likes. */
const { values } = parseArgs({ options: { cases: { type: 'string' }, seed: { type: 'string' } } });
const { cases = '100', seed = String(Date.now() % 1_000_000_000) } = values;
if (![cases, seed].every((value) => /^[0-9]{1,9}$/.test(value)))
  throw new Error('--cases and --seed are whole numbers');

const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'];
const suite = ['--selectProjects', 'integration', '--testPathPatterns', 'gateway/non-interference'];
const child = spawn(process.execPath, [...jest, ...suite], {
  stdio: 'inherit',
  env: { ...process.env, LEAK_CASES: cases, LEAK_SEED: seed },
});
child.on('exit', (code) => (process.exitCode = code ?? 1));
