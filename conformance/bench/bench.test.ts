import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { BASE_URL, DATA_DIR } from '../clients/target.ts';

const CLI = fileURLToPath(new URL('./cli.ts', import.meta.url));

/** Runs a benchmark as an operator does; its lines, and how it ended. */
async function bench(...args: string[]): Promise<{ lines: Record<string, unknown>[]; code: number }> {
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = once(child, 'exit');
  const output = await text(child.stdout);
  const [code] = (await ended) as [number];
  const lines = output.split('\n').filter((line) => line !== '');
  return { lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>), code };
}

const SERVER = ['--url', BASE_URL, '--data-dir', DATA_DIR, '--json'];
const SHORT = ['--runs', '1', '--seconds', '1', '--warm-up', '1', '--patients', '2', '--connections', '2'];

test.each(['read', 'create', 'bundle', 'latency'])('%s is measured on a server that runs', async (name) => {
  const { lines, code } = await bench(name, ...SERVER, ...SHORT);
  expect(code).toBe(0);
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) {
    expect(line).toMatchObject({ benchmark: name, failed: 0, machine: { node: process.version } });
    expect(line['perSecond']).toEqual({
      median: expect.any(Number) as number,
      min: expect.any(Number) as number,
      max: expect.any(Number) as number,
    });
  }
});

test('the thesis’s table has a row for each rate, and every transaction succeeds', async () => {
  const { lines } = await bench('thesis', ...SERVER, ...SHORT, '--rates', '10,40', '--transactions', '20');
  expect(lines.map(({ offered, success }) => [offered, success])).toEqual([
    [10, { median: 100, min: 100, max: 100 }],
    [40, { median: 100, min: 100, max: 100 }],
  ]);
});

test.each([[['nonsense']], [[]], [['read', '--runs', 'many']], [['read', '--fast']]])(
  '%j is no benchmark',
  async (args) => {
    expect(await bench(...args)).toEqual({ lines: [], code: 2 });
  },
);
