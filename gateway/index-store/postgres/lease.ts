import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import type { HeldLease, ProjectionLease } from '../port.ts';
import { SCHEMA, connect, connectionOf } from './settings.ts';

/** Arguments of the advisory lock that whoever projects holds. */
export const LEASE_LOCK = `hashtext('${SCHEMA} projection'), 0`;

/** Milliseconds. */
const TRY_AGAIN = 1000;
const PING = 5000;
/** As long as this the server hears nothing from a process that hangs, or whose network is gone, and ends its session. */
const SILENCE = 20_000;

/**
 * The right to project, as a lock that lasts as long as a session of its own. It passes on within a second or two when its
 * process ends, and within SILENCE when the process hangs or can't be reached: the server ends the session. A process that
 * comes back from that finds its lease lost; what it may write before it notices, NotNextBlock refuses.
 *
 * Those who wait ask again and again: a statement that waited for the lock would keep the server from removing dead rows.
 */
export class PostgresLease implements ProjectionLease {
  readonly #config: pg.ClientConfig;
  readonly #closed = new AbortController();
  #held: { release: () => Promise<void> } | undefined;

  constructor(url: string) {
    this.#config = { ...connectionOf(url, { idle_session_timeout: SILENCE }), query_timeout: SILENCE };
  }

  async acquire(signal?: AbortSignal): Promise<HeldLease> {
    const stop = signal ? AbortSignal.any([signal, this.#closed.signal]) : this.#closed.signal;
    let client: pg.Client | undefined;
    try {
      for (;;) {
        stop.throwIfAborted();
        client ??= await connect(this.#config).catch(() => undefined);
        const had: boolean | undefined = await (client && locked(client));
        if (client && had === true && !stop.aborted) return this.#hold(client);
        if (had === undefined) {
          await client?.end().catch(() => undefined);
          client = undefined;
        }
        await delay(TRY_AGAIN, undefined, { signal: stop });
      }
    } catch (error) {
      await client?.end().catch(() => undefined);
      throw stop.aborted ? stop.reason : error;
    }
  }

  #hold(client: pg.Client): HeldLease {
    const lost = new AbortController();
    const timer = setInterval(() => {
      client.query('select 1').catch(() => end());
    }, PING);
    const end = () => {
      clearInterval(timer);
      lost.abort(new Error('The projection lease was lost.'));
      void client.end().catch(() => undefined);
    };
    client.once('end', end);
    const release = async (): Promise<void> => {
      clearInterval(timer);
      client.off('end', end);
      await client.end().catch(() => undefined);
    };
    this.#held = { release };
    return { lost: lost.signal, release };
  }

  async close(): Promise<void> {
    this.#closed.abort(new Error('The lease is closed.'));
    await this.#held?.release();
  }
}

/** Whether the session has the lock now; undefined when it could not be asked. */
async function locked(client: pg.Client): Promise<boolean | undefined> {
  try {
    const { rows } = await client.query<{ locked: boolean }>(
      `select pg_try_advisory_lock(${LEASE_LOCK}) as locked`,
    );
    return rows[0]?.locked === true;
  } catch {
    return undefined;
  }
}
