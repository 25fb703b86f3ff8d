import type { NewAccount } from '../accounts.ts';
import { createAuth, type Auth } from '../auth.ts';
import { openAuthDatabase } from '../database.ts';
import { loadSigningKeys } from '../signing-keys.ts';
import { TokenState } from '../token-state.ts';

const SECRET = 'a secret of the tests, long enough for it';

const ACCOUNT: NewAccount = {
  ...{
    username: 'One@demo.example',
    password: 'demo-Passw0rd',
    role: 'patient',
    fhirUser: 'Patient/1',
    display: 'One',
  },
  identity: { mspId: 'HospitalMSP', pseudonym: 'one' },
};

/** Accounts, clients and state on a database of each engine: `newDatabase` answers the URL of a new one. */
export function storageSuite(newDatabase: () => Promise<string>): void {
  let url: string;
  beforeEach(async () => {
    url = await newDatabase();
  });

  const start = (secret = SECRET): Promise<Auth> =>
    createAuth({ baseUrl: 'http://127.0.0.1:8080', database: url, secret, knowsParameter: () => true });

  describe('keys at rest', () => {
    test('signing keys stay the same from start to start, and are nowhere readable', async () => {
      const db = await openAuthDatabase(url);
      const first = await loadSigningKeys(db, SECRET, 1);
      expect(first.map(({ alg }) => alg).sort()).toEqual(['ES384', 'RS256']);
      expect(await loadSigningKeys(db, SECRET, 2)).toEqual(first);
      const rows = await db.all('SELECT * FROM signing_key');
      const bytes = rows
        .flatMap((row) =>
          Object.values(row).map(
            (value) =>
              Buffer.from(String(value)).toString() +
              Buffer.from(value instanceof Uint8Array ? value : []).toString('latin1'),
          ),
        )
        .join();
      expect(bytes).toContain(first[0]?.kid);
      for (const jwk of first) expect(bytes).not.toContain(jwk.d);
      await db.close();
    });

    test('signing keys are made once, by whichever of several that start together', async () => {
      const databases = await Promise.all([1, 2, 3].map(() => openAuthDatabase(url)));
      const keys = await Promise.all(databases.map((db, at) => loadSigningKeys(db, SECRET, at)));
      expect(keys[0]).toHaveLength(2);
      expect(keys[1]).toEqual(keys[0]);
      expect(keys[2]).toEqual(keys[0]);
      for (const db of databases) await db.close();
    });

    test('another secret is told so at the start', async () => {
      await (await start()).close();
      await expect(start('another secret of the tests, as long as it')).rejects.toThrow(
        'the configured auth secret does not open the signing keys in the database',
      );
    });
  });

  describe('accounts', () => {
    test('last, with their passwords as argon2id alone', async () => {
      const first = await start();
      const created = await first.accounts.create({ ...ACCOUNT, given: 'O', birthday: '1998-11-20' });
      expect(created).toMatchObject({
        username: 'one@demo.example',
        patient: '1',
        status: 'active',
        given: 'O',
      });
      await first.close();
      const again = await start();
      expect(await again.accounts.findByUsername(' ONE@demo.example')).toEqual(created);
      expect((await again.accounts.authenticate('one@Demo.example', ACCOUNT.password))?.id).toBe(created.id);
      await again.close();
      const db = await openAuthDatabase(url);
      expect(String((await db.get('SELECT password_hash FROM account'))?.password_hash)).toMatch(
        /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/,
      );
      await db.close();
    });

    test('are there once: user name and identity are each unique', async () => {
      const auth = await start();
      await auth.accounts.create(ACCOUNT);
      const identity = { mspId: 'HospitalMSP', pseudonym: 'two' };
      await expect(
        auth.accounts.create({ ...ACCOUNT, identity, username: 'ONE@demo.example' }),
      ).rejects.toMatchObject({ status: 409 });
      await expect(auth.accounts.create({ ...ACCOUNT, username: 'two@demo.example' })).rejects.toMatchObject({
        status: 409,
      });
      await auth.close();
    });

    test.each([
      ['a user name that is no address', { username: 'one' }],
      ['a short password', { password: 'short' }],
      ['an endless password', { password: 'x'.repeat(257) }],
      ['a patient who is a Practitioner', { fhirUser: 'Practitioner/1' }],
      ['a doctor who is a Patient', { role: 'doctor' as const }],
      ['a fhirUser that is no reference', { fhirUser: 'Patient/1/../2' }],
      ['a name with a character that is none', { given: 'O\0ne' }],
      ['a user name with one', { username: 'o\0ne@demo.example' }],
    ])('can’t have %s', async (_case, wrong) => {
      const auth = await start();
      await expect(auth.accounts.create({ ...ACCOUNT, ...wrong })).rejects.toMatchObject({ status: 422 });
      await auth.close();
    });

    test('take no password that only begins like theirs', async () => {
      const auth = await start();
      const password = 'x'.repeat(256);
      await auth.accounts.create({ ...ACCOUNT, password });
      expect(await auth.accounts.authenticate(ACCOUNT.username, password)).toBeDefined();
      expect(await auth.accounts.authenticate(ACCOUNT.username, `${password}y`)).toBeUndefined();
      await auth.close();
    });
  });

  describe('what nobody can be called', () => {
    test('is nobody’s account and no client, and no error either', async () => {
      const auth = await start();
      expect(await auth.accounts.findByUsername('a\0b@demo.example')).toBeUndefined();
      expect(await auth.accounts.authenticate('a\0b', 'demo-Passw0rd')).toBeUndefined();
      expect(await auth.clients.get('a\0b')).toBeUndefined();
      await auth.close();
    });
  });

  describe('changes of accounts', () => {
    test('that are not there are refused, and change nothing', async () => {
      const auth = await start();
      await expect(auth.accounts.disable('nobody')).rejects.toMatchObject({ status: 404 });
      await auth.close();
    });
  });

  describe('clients', () => {
    test('are there once, and can change', async () => {
      const auth = await start();
      const client = { id: 'app', name: 'App', scopes: ['openid'], redirectUris: ['https://app.example/x'] };
      await expect(auth.clients.update(client)).rejects.toMatchObject({ status: 404 });
      expect(await auth.clients.create(client)).toMatchObject({ ...client, status: 'active' });
      await expect(auth.clients.create(client)).rejects.toMatchObject({ status: 409 });
      expect((await auth.clients.update({ ...client, scopes: ['openid', 'user/*.rs'] })).scopes).toEqual([
        'openid',
        'user/*.rs',
      ]);
      await auth.close();
    });

    test.each([
      ['a redirect with a fragment', { redirectUris: ['https://app.example/#x'] }],
      ['a redirect that is a script', { redirectUris: ['javascript:alert(1)'] }],
      ['a redirect that is no address', { redirectUris: ['/callback'] }],
      [
        'loopback and plain http side by side',
        { redirectUris: ['http://127.0.0.1/x', 'http://app.example/x'] },
      ],
      [
        'private keys',
        { redirectUris: ['https://app.example/x'], jwks: { keys: [{ kty: 'EC', d: 'secret' }] } },
      ],
      ['nowhere to send people', { redirectUris: [] }],
    ])('can’t have %s', async (_case, wrong) => {
      const auth = await start();
      const client = { id: 'app', name: 'App', scopes: ['openid'], ...wrong };
      await expect(auth.clients.create(client)).rejects.toMatchObject({ status: 422 });
      await auth.close();
    });
  });

  describe('state', () => {
    test('is kept under its hash alone, and goes when it has expired', async () => {
      const db = await openAuthDatabase(url);
      const state = new TokenState(db);
      await state.put(
        'AccessToken',
        'the-token',
        { jti: 'the-token', clientId: 'app', scope: 'openid' },
        100,
      );
      expect(await state.find('AccessToken', 'the-token')).toMatchObject({
        jti: 'the-token',
        clientId: 'app',
      });
      expect(JSON.stringify(await db.all('SELECT * FROM state'))).not.toContain('the-token');
      expect(await state.deleteExpired(99)).toBe(0);
      expect(await state.deleteExpired(100)).toBe(1);
      expect(await state.find('AccessToken', 'the-token')).toBeUndefined();
      await db.close();
    });

    test('that may be there once is, until it has expired', async () => {
      const db = await openAuthDatabase(url);
      const state = new TokenState(db);
      expect(await state.add('ReplayDetection', 'a', {}, 100, 50)).toBe(true);
      expect(await state.add('ReplayDetection', 'a', {}, 200, 99)).toBe(false);
      expect(await state.add('ReplayDetection', 'a', {}, 200, 100)).toBe(true);
      await db.close();
    });

    test('that was consumed once says so to the second', async () => {
      const db = await openAuthDatabase(url);
      const state = new TokenState(db);
      await state.put('AuthorizationCode', 'c', { grantId: 'g' }, 100);
      expect(await state.consume('AuthorizationCode', 'c', 5)).toBe(true);
      expect(await state.consume('AuthorizationCode', 'c', 6)).toBe(false);
      expect(await state.find('AuthorizationCode', 'c')).toMatchObject({ consumed: 5 });
      await db.close();
    });
  });
}
