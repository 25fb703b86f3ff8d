import { spawnSync } from 'node:child_process';
import { pathToFileURL, fileURLToPath } from 'node:url';

const NETWORK = pathToFileURL(fileURLToPath(new URL('../index.ts', import.meta.url))).href;
const TESTING = new URL('./testing/', import.meta.url).href;

/** Opens a ledger in a process of its own, runs a transaction that fails, and then does `last`. */
function run(last: string) {
  const script = `
    import { Scene } from '${TESTING}scene.ts';
    import { step } from '${TESTING}notebook.ts';
    import '${NETWORK}';
    const scene = new Scene();
    const me = await scene.enroll();
    const ledger = await scene.open();
    await ledger.submit(me, [step({ do: 'throw', message: 'quietly' })]).catch(() => undefined);
    await ledger.submit(me, [step({ do: 'put', key: 'a', value: '1' })]);
    await scene.remove();
    setTimeout(() => {}, 5000);
    ${last}`;
  return spawnSync(process.execPath, ['--input-type=module-typescript', '-e', script], { encoding: 'utf8' });
}

test.each([
  ['error', "setTimeout(() => { throw new Error('uncaught'); }, 10)"],
  ['rejection', "Promise.reject(new Error('uncaught'))"],
])('with a ledger open, an uncaught %s still ends the process, and nothing was printed', (_what, last) => {
  const { status, stdout, stderr } = run(last);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toContain('uncaught');
});

test('with a ledger open, a process that has nothing left to do ends by itself', () => {
  expect(run('process.exitCode = 7; setTimeout(() => process.exit(), 50)')).toMatchObject({
    status: 7,
    stdout: '',
  });
});
