import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { stopProcess } from './processes.ts';
import type { Recording } from './recording.ts';

export interface Mirror {
  origin: string;
  stop(): Promise<void>;
}

/** Starts the bare server, which sends recorded answers, in a process of its own. Rejects when it ends at once. */
export async function startMirror(recordings: readonly Recording[]): Promise<Mirror> {
  const child = fork(fileURLToPath(new URL('./mirror-server.ts', import.meta.url)), {
    serialization: 'advanced',
  });
  child.send(recordings);
  const port = await Promise.race([
    once(child, 'message').then(([message]) => message as number),
    once(child, 'exit').then(([code]) => {
      throw new Error(`the bare server ended with ${code}`);
    }),
  ]);
  return { origin: `http://127.0.0.1:${port}`, stop: () => stopProcess(child) };
}
