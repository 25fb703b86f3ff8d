import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDemo } from './start-demo.ts';

/**
 * `npm test`: the suites unit, integration, fabric and conformance, one after the other; `npm test -- unit` runs one of them,
 * and what follows a suite's name goes to jest. The conformance suite runs against a demo server that is started for it,
 * or against BASE_URL when that is set; the suite fabric needs FABRIC_BIN, and is counted as skipped without. The last line is `N passed, N failed, N skipped`.
 */
const SUITES = ['unit', 'integration', 'fabric', 'conformance'] as const;
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
    const counts =
      suite === 'conformance'
        ? await withServer((baseUrl) => jest(suite, { BASE_URL: baseUrl, DATA_DIR: join(folder, 'demo') }))
        : await jest(suite);
    totals.passed += counts.numPassedTests;
    totals.failed += counts.numFailedTests + counts.numRuntimeErrorTestSuites;
    totals.skipped += counts.numPendingTests;
    console.log(`suite ${suite}: ${((performance.now() - start) / 1000).toFixed(1)} s\n`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exitCode = totals.failed > 0 ? 1 : 0;

async function withServer(run: (baseUrl: string) => Promise<Counts>): Promise<Counts> {
  const given = process.env['BASE_URL'];
  if (given !== undefined) return run(given);
  const demo = await startDemo(join(folder, 'demo'));
  try {
    return await run(demo.baseUrl);
  } finally {
    await demo.stop();
  }
}

async function jest(suite: Suite, env: Record<string, string> = {}): Promise<Counts> {
  const output = join(folder, `${suite}.json`);
  const args = ['--selectProjects', suite, '--passWithNoTests', '--json', '--outputFile', output, ...rest];
  // Its files share one network.
  if (suite === 'fabric') args.push('--runInBand');
  const child = spawn(
    process.execPath,
    ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js', ...args],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, ...env },
    },
  );
  await new Promise((resolve, reject) => child.on('exit', resolve).on('error', reject));
  return JSON.parse(readFileSync(output, 'utf8')) as Counts;
}
