import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import pg from 'pg';
import { startPostgres, type RunningPostgres } from '../../testing/postgres.ts';
import { openProjectionLease } from '../lease.ts';
import type { ProjectionLease } from '../port.ts';

let server: RunningPostgres;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

const leases: ProjectionLease[] = [];
const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const lease of leases.splice(0)) await lease.close();
});
function leaseOn(url: string): ProjectionLease {
  const lease = openProjectionLease({ url });
  leases.push(lease);
  return lease;
}

/** Another process that holds the lease; `said` resolves with the next line that it prints. */
async function otherHolder(url: string): Promise<{ child: ChildProcess; said: () => Promise<string> }> {
  const script = new URL('../testing/hold-lease.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, ['--no-warnings', script, url], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  children.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const said = async (): Promise<string> => String((await lines.next()).value);
  expect(await said()).toBe('held');
  return { child, said };
}

/** Ends the other sessions of the database that a condition picks, as a server that restarts does; how many there were. */
async function cutSessions(url: string, which = 'true'): Promise<number> {
  const client = new pg.Client(url);
  await client.connect();
  const { rowCount } = await client.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid() and ${which}`,
  );
  await client.end();
  return rowCount ?? 0;
}

test('one process at a time projects; the next does once it is released', async () => {
  const url = await server.database();
  const first = await leaseOn(url).acquire();
  let second = false;
  const acquired = leaseOn(url)
    .acquire()
    .then((held) => {
      second = true;
      return held;
    });
  // Longer than it takes a lease that is free.
  await (await leaseOn(await server.database()).acquire()).release();
  expect([second, first.lost.aborted]).toEqual([false, false]);
  await first.release();
  await (await acquired).release();
});

test('whoever no longer wants it stops waiting', async () => {
  const url = await server.database();
  await leaseOn(url).acquire();
  const enough = new AbortController();
  const waiting = leaseOn(url).acquire(enough.signal);
  enough.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  const closed = leaseOn(url);
  const kept = closed.acquire();
  await closed.close();
  await expect(kept).rejects.toThrow(/closed/);
});

test('when the process that holds it is killed, the next has it', async () => {
  const url = await server.database();
  const { child } = await otherHolder(url);
  const waiting = leaseOn(url).acquire();
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect((await waiting).lost.aborted).toBe(false);
});

test('when the process that holds it hangs, the next has it, and the first learns that it is lost', async () => {
  const url = await server.database();
  const { child, said } = await otherHolder(url);
  child.kill('SIGSTOP');
  await leaseOn(url).acquire();
  child.kill('SIGCONT');
  expect(await said()).toBe('lost');
});

test('a session that the server ends loses it, and it can be had again', async () => {
  const url = await server.database();
  const lease = leaseOn(url);
  const { lost } = await lease.acquire();
  const told = once(lost, 'abort');
  await cutSessions(url);
  await told;
  const again = await lease.acquire();
  expect(again.lost.aborted).toBe(false);
});

test('whoever waits for it and is cut off asks again', async () => {
  const url = await server.database();
  const { release } = await leaseOn(url).acquire();
  const waiting = leaseOn(url).acquire();
  // A holder that is cut off as well would let the waiting session have it for a moment.
  while (
    (await cutSessions(
      url,
      "pid not in (select pid from pg_locks where granted and locktype = 'advisory')",
    )) === 0
  );
  await release();
  expect((await waiting).lost.aborted).toBe(false);
});
