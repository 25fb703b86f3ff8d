import pg from 'pg';
import { DatabaseUnavailable } from '../database/port.ts';
import { connectionOf } from '../database/postgres.ts';
import { startPostgres, type RunningPostgres } from '../testing/postgres.ts';
import { rowNumber } from './chain.ts';
import { LAB, NEW_YEAR, PATIENT, record } from './fixtures/records.ts';
import { STORE } from './schema.ts';
import { openedLogs } from './testing/logs.ts';
import { behind } from './testing/tampering.ts';
import { verifyAudit } from './verify.ts';

/** Replicas of one organisation that share one audit log. */
let server: RunningPostgres;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());
const { open, read, close } = openedLogs();
afterEach(close);

const rows = (count: number, changes = {}) => Array.from({ length: count }, () => record(changes));
const CHAINS = `SELECT seq / ${rowNumber(1, 0)} AS chain, count(*) AS n FROM event GROUP BY 1 ORDER BY 1`;

/** Ends every connection to the database but the one that says so. */
const cutAll = (url: string) =>
  behind(
    url,
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid()`,
  );

test('each writes a chain of its own, and a chain whose writer ended is gone on with by the next', async () => {
  const url = await server.database();
  const [one, other] = [await open(url), await open(url)];
  await Promise.all([one.append(rows(3)), other.append(rows(2)), one.append(rows(1))]);
  await one.close();
  const next = await open(url);
  expect(next.rows()).toBe(4);
  await Promise.all([next.append(rows(1)), other.append(rows(1))]);
  expect(await behind(url, CHAINS)).toEqual([
    { chain: 1, n: 5 },
    { chain: 2, n: 3 },
  ]);
  expect(await verifyAudit(url)).toEqual({ ok: true, rows: 8, anchors: 0 });
});

test('those that open a new log at once get a chain each', async () => {
  const url = await server.database();
  const logs = await Promise.all(Array.from({ length: 4 }, () => open(url)));
  await Promise.all(logs.map((log) => log.append([record()])));
  expect(await behind(url, CHAINS)).toHaveLength(4);
  expect(await verifyAudit(url)).toEqual({ ok: true, rows: 4, anchors: 0 });
});

test('a writer that is held up holds up no other', async () => {
  const url = await server.database();
  const [one, other] = [await open(url), await open(url)];
  await one.append([record()]);
  const holder = new pg.Client(connectionOf({ url, store: STORE }));
  await holder.connect();
  await holder.query('BEGIN');
  await holder.query('SELECT * FROM head WHERE chain = 1 FOR UPDATE');
  const held = one.append([record({ agent: LAB })]);
  await other.append(rows(20, { agent: LAB, patient: 'a-new-one' }));
  expect(other.rows()).toBe(20);
  await holder.query('ROLLBACK');
  await holder.end();
  await held;
  expect(await verifyAudit(url)).toMatchObject({ ok: true, rows: 22 });
});

test('a reader finds what any of them wrote, in the order of time', async () => {
  const url = await server.database();
  const [one, other] = [await open(url), await open(url)];
  for (let n = 0; n < 6; n += 1)
    await (n % 2 === 0 ? one : other).append([record({ requestId: `r${n}`, at: NEW_YEAR + n * 1000 })]);
  const reader = await read(url);
  const found: unknown[] = [];
  let after: string | undefined;
  do {
    const page = await reader.search(
      {
        ...{ parameters: [], lenient: false, sort: [], count: 2, total: 'accurate' },
        ...(after !== undefined && { after }),
      },
      { kind: 'patient', patient: '1', identity: PATIENT.identity },
    );
    expect(page.total).toBe(6);
    found.push(...page.matches.map(({ recorded }) => Date.parse(recorded ?? '') - NEW_YEAR));
    after = page.after;
  } while (after !== undefined);
  expect(found).toEqual([5000, 4000, 3000, 2000, 1000, 0]);
});

test('anchors cover all chains, also those of replicas that are no more, without gaps', async () => {
  const url = await server.database();
  const [one, other] = [await open(url), await open(url)];
  await one.append(rows(5));
  await other.append(rows(7));
  await other.close();
  const ledger = new Map<number, string>();
  for (let anchor = await one.nextAnchor(); anchor; anchor = await one.nextAnchor()) {
    ledger.set(anchor.number, anchor.root);
    await one.confirmAnchor(anchor.number, 'tx');
  }
  expect([...ledger.keys()]).toEqual([1, 2]);
  expect(await verifyAudit(url, ledger)).toEqual({ ok: true, rows: 12, anchors: 2 });
  await behind(url, `DELETE FROM event WHERE seq > ${rowNumber(2, 0)}; DELETE FROM head WHERE chain = 2`);
  expect(await verifyAudit(url)).toMatchObject({ ok: false, fault: { kind: 'anchor', chain: 2, row: 1 } });
  await behind(url, `DELETE FROM anchor WHERE first > ${rowNumber(2, 0)}; UPDATE anchor SET number = 1`);
  expect(await verifyAudit(url, ledger)).toMatchObject({ ok: false, fault: { kind: 'anchor' } });
});

test('replicas that anchor at once agree on the anchors', async () => {
  const url = await server.database();
  const [one, other] = [await open(url), await open(url)];
  await Promise.all([one.append(rows(3)), other.append(rows(4))]);
  const made = await Promise.all([
    one.nextAnchor(),
    other.nextAnchor(),
    one.nextAnchor(),
    other.nextAnchor(),
  ]);
  const stored = await behind(url, 'SELECT number, root, first AS "from", last AS "to" FROM anchor');
  for (const anchor of made) expect(stored).toContainEqual(anchor);
  await one.confirmAnchor(1, 'tx-1');
  await other.confirmAnchor(1, '');
  expect(await behind(url, 'SELECT tx FROM anchor WHERE number = 1')).toEqual([{ tx: 'tx-1' }]);
});

test.each([
  ['a changed row', `UPDATE event SET at = at + 1 WHERE seq = ${rowNumber(2, 2)}`, 'hash', 2, 2],
  ['a row removed', `DELETE FROM event WHERE seq = ${rowNumber(1, 2)}`, 'missing', 1, 2],
  ['rows of a chain that has no head', 'DELETE FROM head WHERE chain = 2', 'head', 2, 3],
  [
    'a row of a chain that nobody wrote',
    `UPDATE event SET seq = ${rowNumber(9, 1)} WHERE seq = ${rowNumber(2, 3)}`,
    'missing',
    2,
    3,
  ],
  ['a name hidden from who searches it', "UPDATE agent SET folded_display = 'x'", 'index', 1, 1],
])('%s is found, and in which chain', async (_what, sql, kind, chain, row) => {
  const url = await server.database();
  for (const log of [await open(url), await open(url)]) await log.append(rows(3));
  await behind(url, sql);
  expect(await verifyAudit(url)).toMatchObject({ ok: false, fault: { kind, chain, row } });
});

test('a writer whose connections are cut goes on, and what it acknowledged is there once', async () => {
  const url = await server.database();
  const log = await open(url);
  const acknowledged: string[] = [];
  let cutting = true;
  const appender = async (name: number): Promise<void> => {
    for (let n = 0; cutting; n += 1) {
      const requestId = `${name}-${n}`;
      await log.append([record({ requestId, patient: String(name) })]);
      acknowledged.push(requestId);
    }
  };
  const cutter = async (): Promise<void> => {
    for (let cuts = 0; cuts < 6; cuts += 1) {
      const before = acknowledged.length;
      await cutAll(url);
      while (acknowledged.length <= before + 20) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    cutting = false;
  };
  await Promise.all([cutter(), ...Array.from({ length: 8 }, (_, name) => appender(name))]);
  const kept = await behind(url, 'SELECT request FROM event');
  expect(kept.map(({ request }) => String(request)).sort()).toEqual(acknowledged.sort());
  expect(await verifyAudit(url)).toMatchObject({ ok: true, rows: acknowledged.length });
});

test('requests that come in together share one transaction', async () => {
  const url = await server.database();
  const log = await open(url);
  await Promise.all(Array.from({ length: 30 }, () => log.append([record()])));
  expect(await behind(url, 'SELECT count(DISTINCT xmin::text) AS n FROM event')).toEqual([{ n: 1 }]);
});

test('while the database is gone nothing is acknowledged', async () => {
  const own = await startPostgres();
  const url = await own.database();
  const log = await open(url);
  await log.append([record()]);
  await own.stop();
  await expect(log.append([record()])).rejects.toBeInstanceOf(DatabaseUnavailable);
});

test('where no gateway has begun, verifying says so', async () => {
  await expect(verifyAudit(await server.database())).rejects.toThrow(/no audit log/);
});
