import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { connect, connectionOf } from './settings.ts';

/** The channel on which the writer tells the position of each block. */
export const CHANNEL = 'read_index_position';

/** Milliseconds. */
const CONNECT_AGAIN = 1000;

/** Calls `moved` with each position that the writer tells, until the answer is called. Connects again when it must. */
export function listen(url: string, moved: (position: number) => void): () => Promise<void> {
  const stop = new AbortController();
  const stopped = new Promise<void>((resolve) =>
    stop.signal.addEventListener('abort', () => resolve(), { once: true }),
  );
  const run = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      const client = await connect(connectionOf(url)).catch(() => undefined);
      if (client) {
        const ended = new Promise<void>((resolve) => client.once('end', resolve));
        client.on('notification', ({ payload }) => moved(Number(payload)));
        const listening = await subscribed(client);
        if (listening) await Promise.race([ended, stopped]);
        await client.end().catch(() => undefined);
      }
      await delay(CONNECT_AGAIN, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  };
  const running = run();
  return async () => {
    stop.abort();
    await running;
  };
}

async function subscribed(client: pg.Client): Promise<boolean> {
  try {
    await client.query(`listen ${CHANNEL}`);
    return true;
  } catch {
    return false;
  }
}
