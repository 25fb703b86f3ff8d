import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NewAccount } from './accounts.ts';
import { createAuth, type Auth } from './auth.ts';
import { openAuthDatabase } from './database.ts';
import { deriveKey, seal, unseal } from './sealing.ts';
import { loadSigningKeys } from './signing-keys.ts';
import { TokenState } from './token-state.ts';

const SECRET = 'a secret of the tests, long enough for it';
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'auth-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const start = (secret = SECRET): Promise<Auth> =>
  createAuth({
    baseUrl: 'http://127.0.0.1:8080',
    database: join(folder, 'auth.db'),
    secret,
    knowsParameter: () => true,
  });

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

describe('keys at rest', () => {
  test('open with their own secret and purpose only', () => {
    const sealed = seal(deriveKey(SECRET, 'a'), 'the text', 'context');
    expect(unseal(deriveKey(SECRET, 'a'), sealed, 'context')).toBe('the text');
    expect(() => unseal(deriveKey(SECRET, 'b'), sealed, 'context')).toThrow();
    expect(() => unseal(deriveKey(SECRET, 'a'), sealed, 'another')).toThrow();
    sealed[sealed.length - 1] = (sealed.at(-1) ?? 0) ^ 1;
    expect(() => unseal(deriveKey(SECRET, 'a'), sealed, 'context')).toThrow();
    expect(() => deriveKey('short', 'a')).toThrow('at least 32 characters');
  });

  test('signing keys stay the same from start to start, and are nowhere readable in the file', async () => {
    const db = openAuthDatabase(join(folder, 'auth.db'));
    const first = await loadSigningKeys(db, SECRET, 1);
    expect(first.map(({ alg }) => alg).sort()).toEqual(['ES384', 'RS256']);
    expect(await loadSigningKeys(db, SECRET, 2)).toEqual(first);
    db.close();
    const bytes = readFileSync(join(folder, 'auth.db'), 'latin1');
    for (const jwk of first) expect(bytes).not.toContain(jwk.d);
  });

  test('another secret is told so at the start', async () => {
    (await start()).close();
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
    first.close();
    const again = await start();
    expect(again.accounts.findByUsername(' ONE@demo.example')).toEqual(created);
    expect((await again.accounts.authenticate('one@Demo.example', ACCOUNT.password))?.id).toBe(created.id);
    again.close();
    const db = openAuthDatabase(join(folder, 'auth.db'));
    expect(String(db.sql.prepare('SELECT password_hash FROM account').get()?.password_hash)).toMatch(
      /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/,
    );
    db.close();
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
    auth.close();
  });

  test.each([
    ['a user name that is no address', { username: 'one' }],
    ['a short password', { password: 'short' }],
    ['an endless password', { password: 'x'.repeat(257) }],
    ['a patient who is a Practitioner', { fhirUser: 'Practitioner/1' }],
    ['a doctor who is a Patient', { role: 'doctor' as const }],
    ['a fhirUser that is no reference', { fhirUser: 'Patient/1/../2' }],
  ])('can’t have %s', async (_case, wrong) => {
    const auth = await start();
    await expect(auth.accounts.create({ ...ACCOUNT, ...wrong })).rejects.toMatchObject({ status: 422 });
    auth.close();
  });

  test('take no password that only begins like theirs', async () => {
    const auth = await start();
    const password = 'x'.repeat(256);
    await auth.accounts.create({ ...ACCOUNT, password });
    expect(await auth.accounts.authenticate(ACCOUNT.username, password)).toBeDefined();
    expect(await auth.accounts.authenticate(ACCOUNT.username, `${password}y`)).toBeUndefined();
    auth.close();
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
    auth.close();
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
    auth.close();
  });
});

test('BASE_URL has no path', async () => {
  const deps = { database: ':memory:', secret: SECRET, knowsParameter: () => true };
  await expect(createAuth({ ...deps, baseUrl: 'https://gateway.example/path' })).rejects.toThrow('BASE_URL');
});

describe('state', () => {
  test('is kept under its hash alone, and goes when it has expired', () => {
    const db = openAuthDatabase(':memory:');
    const state = new TokenState(db);
    state.put('AccessToken', 'the-token', { jti: 'the-token', clientId: 'app', scope: 'openid' }, 100);
    expect(state.find('AccessToken', 'the-token')).toMatchObject({ jti: 'the-token', clientId: 'app' });
    expect(JSON.stringify(db.sql.prepare('SELECT * FROM state').all())).not.toContain('the-token');
    expect(state.deleteExpired(99)).toBe(0);
    expect(state.deleteExpired(100)).toBe(1);
    expect(state.find('AccessToken', 'the-token')).toBeUndefined();
    db.close();
  });

  test('that may be there once is, until it has expired', () => {
    const db = openAuthDatabase(':memory:');
    const state = new TokenState(db);
    expect(state.add('ReplayDetection', 'a', {}, 100, 50)).toBe(true);
    expect(state.add('ReplayDetection', 'a', {}, 200, 99)).toBe(false);
    expect(state.add('ReplayDetection', 'a', {}, 200, 100)).toBe(true);
    db.close();
  });

  test('that was consumed once says so to the second', () => {
    const db = openAuthDatabase(':memory:');
    const state = new TokenState(db);
    state.put('AuthorizationCode', 'c', { grantId: 'g' }, 100);
    expect(state.consume('AuthorizationCode', 'c', 5)).toBe(true);
    expect(state.consume('AuthorizationCode', 'c', 6)).toBe(false);
    expect(state.find('AuthorizationCode', 'c')).toMatchObject({ consumed: 5 });
    db.close();
  });
});
