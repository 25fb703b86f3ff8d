import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ROOT } from '../../bench/servers/processes.ts';

const execute = promisify(execFile);

/** Runs a script of the project to its end; answers what it printed. Rejects with what it said when it fails. */
export async function runScript(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const { stdout } = await execute(process.execPath, [script, ...args], {
    cwd: ROOT,
    env: { ...process.env, ...env },
  });
  return stdout;
}
