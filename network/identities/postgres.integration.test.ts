import { openWallet, WrongSecretError } from '../index.ts';
import { identitiesSuite } from './testing/identities-suite.ts';
import { startPostgres } from './testing/postgres.ts';

let server: Awaited<ReturnType<typeof startPostgres>>;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

describe('on PostgreSQL', () => {
  identitiesSuite(() => server.database());
});

test('gateways that open a new database at once find its tables made once, and one secret', async () => {
  const url = await server.database();
  const wallets = await Promise.all(Array.from({ length: 5 }, () => openWallet({ url, secret: 's' })));
  for (const wallet of wallets) await wallet.close();
  await expect(openWallet({ url, secret: 'other' })).rejects.toThrow(WrongSecretError);
  const { host, pathname } = new URL(url);
  await expect(openWallet({ url, secret: 'other' })).rejects.toThrow(
    `the secret does not open postgres://${host}${pathname}`,
  );
});
