import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const entry = JSON.stringify(new URL('./index.ts', import.meta.url).href);

/** Runs a program that has imported the chaincode. */
function run(program: string) {
  const code = `const chaincode = await import(${entry}); ${program}`;
  return spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    encoding: 'utf8',
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    env: { ...process.env, NODE_OPTIONS: '' },
    timeout: 120_000,
  });
}

test('a program that imported the chaincode still ends by an error that nobody caught', () => {
  const thrown = run(
    `setTimeout(() => { throw new Error('uncaught'); }); setTimeout(() => process.exit(0), 2000);`,
  );
  expect(thrown.status).toBe(1);
  expect(thrown.stderr).toContain('Error: uncaught');
  const rejected = run(
    `void Promise.reject(new Error('unhandled')); setTimeout(() => process.exit(0), 2000);`,
  );
  expect(rejected.status).toBe(1);
  expect(rejected.stderr).toContain('Error: unhandled');
});

test('the chaincode prints nothing, not even of calls that fail', () => {
  const { status, stdout, stderr } = run(`
    const stub = { getBufferArgs: () => [Buffer.from('Drop'), Buffer.from('Jane Doe')], getTxID: () => 't', getChannelID: () => 'c' };
    const { message } = await chaincode.createChaincode().Invoke({ ...stub, getCreator: () => ({ mspid: 'M', idBytes: Buffer.from('x') }) });
    process.exitCode = message.includes('certificate') ? 0 : 2;
  `);
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
});
