import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** The project's folder: where its commands are started. */
export const ROOT = new URL('../../../', import.meta.url);

/** Milliseconds that a process gets to end by itself when it is asked to. */
const FINISH_WITHIN = 60_000;

/** Asks a process to end (SIGTERM), waits until it has, and ends it when it doesn't. */
export async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), FINISH_WITHIN);
  await ended;
  clearTimeout(timer);
}
