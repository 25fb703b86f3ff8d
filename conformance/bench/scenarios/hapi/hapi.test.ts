import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../../cli.ts', import.meta.url));

/** Runs the comparison as an operator does, with the programs of a PATH. */
const compare = (path: string, ...args: string[]) =>
  spawnSync(process.execPath, [CLI, 'hapi', ...args], { encoding: 'utf8', env: { PATH: path } });

test('where Java and Maven are not, the comparison is skipped, and says so', () => {
  const { status, stdout } = compare('', '--json');
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    benchmark: 'hapi',
    skipped: expect.stringMatching(/JDK.* and Maven cannot be run here/) as string,
  });
});

test('a gateway that runs already, with other records, is not compared', () => {
  const { status, stderr } = compare('', '--url', 'http://127.0.0.1:1');
  expect(status).toBe(2);
  expect(stderr).toMatch(/the same records/);
});
