import pg from 'pg';
import { startPostgres, type RunningPostgres } from '../testing/postgres.ts';
import { openDatabase } from './open.ts';
import { DatabaseUnavailable, type Schema } from './port.ts';
import { connectionOf } from './postgres.ts';
import { databaseSuite } from './testing/database-suite.ts';

let server: RunningPostgres;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

databaseSuite(() => server.database());

const schema: Schema = ({ number }) => `CREATE TABLE IF NOT EXISTS thing (size ${number} PRIMARY KEY)`;

test('several that open a new database at once find it made once', async () => {
  const url = await server.database();
  const opened = await Promise.all(
    Array.from({ length: 6 }, () => openDatabase({ url, store: 'things', connections: 1 }, schema)),
  );
  for (const db of opened) await db.close();
});

test('stores of one database have tables of their own, though of one name', async () => {
  const url = await server.database();
  const [one, other] = [
    await openDatabase({ url, store: 'one' }, schema),
    await openDatabase({ url, store: 'other' }, schema),
  ];
  await one.run('INSERT INTO thing VALUES (1)');
  expect(await other.all('SELECT * FROM thing')).toEqual([]);
  await one.close();
  await other.close();
});

test('options of the URL stay beside the store’s own', () => {
  const { connectionString } = connectionOf({
    ...{ url: 'postgres://h/d?options=-c%20jit%3Doff&sslmode=require', store: 'x' },
  });
  const { searchParams } = new URL(connectionString ?? '');
  expect(searchParams.get('options')).toMatch(/^-c jit=off .*-c search_path=x /);
  expect(searchParams.get('sslmode')).toBe('require');
});

test('durable changes wait for the disk, others need not', async () => {
  const db = await openDatabase({ url: await server.database(), store: 'x' }, schema);
  const setting = `SELECT 1 WHERE current_setting('synchronous_commit') = ?`;
  expect(await db.run(setting, ['off'])).toBe(1);
  expect(await db.together([{ text: setting, values: ['off'], needed: true }])).toBe(true);
  expect(await db.durably([{ text: setting, values: ['on'], needed: true }])).toBe(true);
  expect(await db.run(setting, ['off'])).toBe(1);
  await db.close();
});

test('connections that the server cuts fail what is under way with 503, and are made again', async () => {
  const url = await server.database();
  const db = await openDatabase({ url, store: 'x' }, schema);
  const admin = new pg.Client(url);
  await admin.connect();
  const under = (async () => db.all('SELECT pg_sleep(600)'))().catch((error: unknown) => error);
  const sleeping = `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%pg_sleep(600)%'
    AND pid <> pg_backend_pid()`;
  while ((await admin.query(sleeping)).rowCount === 0)
    await new Promise((resolve) => setTimeout(resolve, 20));
  await admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()`);
  expect(await under).toBeInstanceOf(DatabaseUnavailable);
  expect(await under).toMatchObject({ status: 503, headers: { 'Retry-After': '2' } });
  expect(await db.all('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await admin.end();
  await db.close();
});

test('a database that is not there is told as such, and a statement that is wrong is no outage', async () => {
  const url = await server.database();
  const nowhere = new URL(url);
  nowhere.port = '1';
  await expect(openDatabase({ url: nowhere.href, store: 'x' }, schema)).rejects.toBeInstanceOf(
    DatabaseUnavailable,
  );
  const db = await openDatabase({ url, store: 'x' }, schema);
  await expect((async () => db.all('SELECT nonsense'))()).rejects.toBeInstanceOf(pg.DatabaseError);
  await db.close();
});
