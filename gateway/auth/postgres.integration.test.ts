import { startPostgres, type RunningPostgres } from '../testing/postgres.ts';
import { attacksSuite } from './testing/attacks-suite.ts';
import { backendSuite } from './testing/backend-suite.ts';
import { loginSuite } from './testing/login-suite.ts';
import { malformedSuite } from './testing/malformed-suite.ts';
import { startGateway, type StartGateway } from './testing/server.ts';
import { storageSuite } from './testing/storage-suite.ts';
import { throttleSuite } from './testing/throttle-suite.ts';
import { tokensSuite } from './testing/tokens-suite.ts';

let server: RunningPostgres;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

const newDatabase = (): Promise<string> => server.database();
/** Two replicas that take turns at the requests, so that hardly any flow ends where it began. */
const start: StartGateway = async (overrides) =>
  startGateway({ database: await newDatabase(), ...overrides }, 2);

describe.each([
  ['storage', storageSuite],
  ['login throttling', throttleSuite],
])('on PostgreSQL, %s', (_what, suite) => {
  suite(newDatabase);
});

describe.each([
  ['logging in', loginSuite],
  ['tokens', tokensSuite],
  ['systems', backendSuite],
  ['attacks', attacksSuite],
  ['malformed requests', malformedSuite],
])('on two replicas with one PostgreSQL, %s', (_what, suite) => {
  suite(start);
});
