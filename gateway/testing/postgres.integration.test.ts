import pg from 'pg';
import { startPostgres, type RunningPostgres } from './postgres.ts';

let server: RunningPostgres | undefined;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server?.stop());

test('every database is new, and answers', async () => {
  for (const url of [await server?.database(), await server?.database()]) {
    const client = new pg.Client(url);
    await client.connect();
    await client.query('create table t (n integer)');
    const { rows } = await client.query<{ n: string }>('select count(*) as n from t');
    expect(rows).toEqual([{ n: '0' }]);
    await client.end();
  }
});
