import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A PostgreSQL of its own, with one empty database. */
export interface Postgres {
  /** `postgres://user:password@127.0.0.1:5432/database` */
  url: string;
  stop(): Promise<void>;
}

/** Starts one on a free port of 127.0.0.1; its data goes when it stops. Rejects when it ends before it is ready. */
export async function startPostgres(): Promise<Postgres> {
  const child = fork(fileURLToPath(new URL('./postgres-server.ts', import.meta.url)));
  const ended = once(child, 'exit');
  const url = await Promise.race([
    once(child, 'message').then(([message]) => message as string),
    ended.then(([code]) => {
      throw new Error(`PostgreSQL ended with ${code} before it was ready`);
    }),
  ]);
  return {
    url,
    async stop() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}
