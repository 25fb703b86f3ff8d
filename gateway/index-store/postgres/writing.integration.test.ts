import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import pg from 'pg';
import type { Resource } from '../../fhir/resource.ts';
import { startPostgres, type RunningPostgres } from '../../testing/postgres.ts';
import { dropIndex } from '../drop.ts';
import { openProjectionLease } from '../lease.ts';
import { NotNextBlock } from '../not-next-block.ts';
import type { IndexTransaction, IndexWriter } from '../port.ts';
import { openIndexReader } from '../reader.ts';
import { TestStore, projection } from '../testing/store.ts';
import { openIndexWriter } from '../writer.ts';

let server: RunningPostgres;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});
const opened = <T extends { close(): Promise<void> }>(one: T): T => {
  open.push(one);
  return one;
};
const writerOn = async (url: string): Promise<IndexWriter> => opened(await openIndexWriter({ url }));

async function ask(url: string, ...texts: string[]): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url);
  await client.connect();
  let rows: Record<string, unknown>[] = [];
  for (const text of texts) ({ rows } = await client.query<Record<string, unknown>>(text));
  await client.end();
  return rows;
}
const CUT =
  'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()';

/** A way to the server that can be cut. */
async function wayTo(url: string): Promise<{ url: string; cut: () => void; mend: () => Promise<void> }> {
  const { hostname, port } = new URL(url);
  const ends = new Set<Socket>();
  const way = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const end of [near, far]) {
      ends.add(end);
      end.on('error', () => undefined).on('close', () => [near, far].forEach((each) => each.destroy()));
    }
    near.pipe(far).pipe(near);
  });
  const listen = (at: number): Promise<unknown> => once(way.listen(at, '127.0.0.1'), 'listening');
  await listen(0);
  const at = (way.address() as AddressInfo).port;
  const through = new URL(url);
  through.port = String(at);
  return {
    url: through.href,
    cut() {
      way.close();
      for (const end of ends) end.destroy();
    },
    mend: async () => {
      await listen(at);
    },
  };
}

const patient = (id: string): Resource => ({
  resourceType: 'Patient',
  id,
  name: [{ family: `Family${id}` }],
});
const put =
  (...ids: string[]) =>
  async (tx: IndexTransaction): Promise<void> => {
    for (const id of ids) await tx.putEntry(projection(patient(id)));
  };

test('replicas that start at once make the tables once', async () => {
  const url = await server.database();
  const writers = await Promise.all(Array.from({ length: 4 }, () => writerOn(url)));
  expect(await Promise.all(writers.map((writer) => writer.position()))).toEqual([-1, -1, -1, -1]);
});

test('a block that is not the next is refused, whoever asks, and changes nothing', async () => {
  const url = await server.database();
  const [first, second] = [await writerOn(url), await writerOn(url)];
  await first.block(0, put('p1'));
  await expect(second.block(0, put('p2'))).rejects.toThrow(NotNextBlock);
  await expect(second.block(2, put('p2'))).rejects.toMatchObject({ position: 0 });
  const reader = opened(await openIndexReader({ url }));
  expect([await reader.position(), await reader.get('Patient', 'p2')]).toEqual([0, undefined]);
});

test('writers that take turns know of each other', async () => {
  const url = await server.database();
  const [first, second] = [await writerOn(url), await writerOn(url)];
  await first.block(0, put('p1', 'p2'));
  await second.block(1, put('p3', 'p1'));
  await second.amend(1, put('p4'));
  await first.block(2, put('p5', 'p3'));
  const reader = opened(await openIndexReader({ url }));
  const stored = await Promise.all(['p1', 'p2', 'p3', 'p4', 'p5'].map((id) => reader.get('Patient', id)));
  expect(stored.map((resource) => resource?.id)).toEqual(['p1', 'p2', 'p3', 'p4', 'p5']);
  expect(new Set(stored.map((resource) => resource?.rid)).size).toBe(5);
});

test('two that write the same block at once: one does, the other is refused', async () => {
  const url = await server.database();
  const writers = [await writerOn(url), await writerOn(url)];
  const outcomes = await Promise.allSettled(writers.map((writer, at) => writer.block(0, put(`p${at}`))));
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: expect.any(NotNextBlock) as unknown,
  });
});

test('a block whose connection is cut leaves no trace, and the next goes on', async () => {
  const url = await server.database();
  const writer = await writerOn(url);
  await writer.block(0, put('p1'));
  const cut = writer.block(1, async (tx) => {
    await put('p2')(tx);
    await ask(url, CUT);
  });
  await expect(cut).rejects.toMatchObject({ status: 503 });
  await writer.block(1, put('p3'));
  const reader = opened(await openIndexReader({ url }));
  expect([await reader.position(), (await reader.get('Patient', 'p2'))?.id]).toEqual([1, undefined]);
  expect((await reader.get('Patient', 'p3'))?.id).toBe('p3');
});

test('readers answer 503 while the server can not be reached, and then go on', async () => {
  const url = await server.database();
  const writer = await writerOn(url);
  await writer.block(0, put('p1'));
  const way = await wayTo(url);
  const reader = opened(await openIndexReader({ url: way.url }));
  await reader.get('Patient', 'p1');
  way.cut();
  await expect(reader.get('Patient', 'p1')).rejects.toMatchObject({ status: 503 });
  await expect(reader.get('Patient', 'p1')).rejects.toMatchObject({ status: 503 });
  await way.mend();
  expect((await reader.get('Patient', 'p1'))?.id).toBe('p1');
  way.cut();
});

test('whoever waits for a block hears of it from the process that applies it', async () => {
  const url = await server.database();
  const writer = await writerOn(url);
  const reader = opened(await openIndexReader({ url }));
  const waited = Promise.all([reader.waitFor(1), reader.waitFor(0)]);
  await writer.block(0, put('p1'));
  // What tells of blocks may be cut off at any time.
  await ask(url, CUT);
  await writer.block(1, put('p2')).catch(() => writer.block(1, put('p2')));
  await waited;
  await reader.waitFor(1);
  expect(await reader.position()).toBe(1);
});

test('of what was erased no row is left, dead ones included', async () => {
  const url = await server.database();
  const store = await TestStore.open(url);
  const secret: Resource = {
    resourceType: 'Observation',
    id: 'o1',
    status: 'final',
    code: { text: 'SECRETCODE' },
    subject: { reference: 'Patient/p1' },
    valueString: 'SECRETVALUE',
  };
  await store.put([patient('p1'), secret]);
  await store.put([{ ...secret, note: [{ text: 'SECRETNOTE' }] }], { version: 2 });
  await store.block(async (tx) => {
    await tx.purgeEntries((await store.reader.recordKeys('p1')).entries);
  });
  opened(store);
  const tables = `select relname, relkind, generate_series(0, pg_relation_size(oid) / 8192 - 1)::int as block from pg_class
    where relnamespace = 'read_index'::regnamespace`;
  const rows = (): Promise<Record<string, unknown>[]> =>
    ask(
      url,
      'create extension if not exists pageinspect',
      `select relname, encode(t_data, 'escape') as text from (${tables}) t,
         heap_page_items(get_raw_page('read_index.' || relname, block)) where relkind = 'r' and t_data is not null
       union all select relname, encode(decode(replace(data, ' ', ''), 'hex'), 'escape') from (${tables}) t,
         bt_page_items('read_index.' || relname, block) where relkind = 'i' and relname not like 'fulltext_document%' and block > 0
       union all select relname, encode(get_raw_page('read_index.' || relname, block), 'escape') from (${tables}) t
         where relname = 'fulltext_document'`,
    );
  expect(JSON.stringify(await rows())).toContain('position');
  // The server does it beside its work.
  const until = Date.now() + 120_000;
  while (/secret|amilyp1/i.test(JSON.stringify(await rows())) && Date.now() < until) await delay(100);
  expect(JSON.stringify(await rows())).not.toMatch(/secret|amilyp1/i);
});

test('the index is thrown away without what else is in the database, and not under a gateway that projects', async () => {
  const url = await server.database();
  await ask(url, 'create table accounts (n integer)', 'insert into accounts values (1)');
  const writer = await openIndexWriter({ url });
  await writer.block(0, put('p1'));
  await writer.close();
  const lease = openProjectionLease({ url });
  await lease.acquire();
  await expect(dropIndex(url)).rejects.toThrow(/projecting/);
  await lease.close();
  await dropIndex(url);
  await dropIndex(url);
  await expect(openIndexReader({ url })).rejects.toThrow(/version none/);
  const again = await writerOn(url);
  expect(await again.position()).toBe(-1);
  expect(await ask(url, 'select n from accounts')).toEqual([{ n: 1 }]);
});
