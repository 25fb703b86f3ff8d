import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface CliRun {
  readonly status: number;
  readonly output: string;
  readonly errors: string;
}

/** Runs one of the commands of `network/fabric/cli` to its end. */
export function runCli(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<CliRun> {
  const file = fileURLToPath(new URL(`../cli/${command}.ts`, import.meta.url));
  return new Promise((resolve) => {
    const options = { env: { ...process.env, NODE_OPTIONS: '', ...env } };
    execFile(process.execPath, [file, ...args], options, (error, output, errors) => {
      resolve({ status: error ? Number(error.code ?? 1) : 0, output, errors });
    });
  });
}
