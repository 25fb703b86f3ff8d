import { spawnSync } from 'node:child_process';

/**
 * `npm run consent-cases -- <count>`: the differential test of consent over so many random records (1,000 by default),
 * each asked for by three readers. CONSENT_SEED makes the same ones again. Exit 1 when the gateway shows something else.
 */
const [count = '1000'] = process.argv.slice(2);
const { status } = spawnSync(
  process.execPath,
  ['tools/test.ts', 'integration', '--testPathPatterns', 'consent/differential'],
  { stdio: 'inherit', env: { ...process.env, CONSENT_CASES: count } },
);
process.exit(status ?? 1);
