import { startPostgres, type RunningPostgres } from '../testing/postgres.ts';
import { anchorsSuite } from './testing/anchors-suite.ts';
import { killSuite } from './testing/kill-suite.ts';
import { logSuite } from './testing/log-suite.ts';
import { readerSuite } from './testing/reader-suite.ts';
import { verifySuite } from './testing/verify-suite.ts';
import { viewerSuite } from './testing/viewer-suite.ts';

let server: RunningPostgres;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

describe.each([
  ['appending', logSuite],
  ['anchors', anchorsSuite],
  ['verifying', verifySuite],
  ['searching', readerSuite],
  ['who sees what', viewerSuite],
  ['being killed', killSuite],
])('on PostgreSQL, %s', (_what, suite) => {
  suite(() => server.database());
});
