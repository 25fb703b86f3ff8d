import { startPostgres, type RunningPostgres } from '../testing/postgres.ts';
import { idempotencySuite } from './idempotency-suite.ts';

let server: RunningPostgres;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

idempotencySuite(() => server.database());
