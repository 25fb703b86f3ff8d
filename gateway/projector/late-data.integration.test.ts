import { TestStore } from '../index-store/testing/store.ts';
import { startPostgres, type RunningPostgres } from '../testing/postgres.ts';
import { lateDataSuite } from './testing/late-data-suite.ts';

let server: RunningPostgres;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

lateDataSuite(async () => TestStore.open(await server.database()));
