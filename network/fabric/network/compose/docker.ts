import { spawn } from 'node:child_process';
import { composeFile } from './write.ts';

/** Runs `docker compose` on a network's project, its output going where ours goes; resolves with its exit status. */
export function dockerCompose(root: string, ...args: readonly string[]): Promise<number> {
  return docker('inherit', 'compose', '--file', composeFile(root), ...args);
}

/** Whether this machine has `docker compose`. */
export async function hasDocker(): Promise<boolean> {
  return (await docker('ignore', 'compose', 'version').catch(() => 1)) === 0;
}

function docker(output: 'inherit' | 'ignore', ...args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn('docker', args, { stdio: ['ignore', output, output] });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
