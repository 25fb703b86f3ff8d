import { SignJWT } from 'jose';
import * as client from 'openid-client';
import { startPostgres, type RunningPostgres } from '../testing/postgres.ts';
import type { Auth } from './auth.ts';
import { logIn, visit, whoAmI } from './testing/app.ts';
import { startGateway, type TestGateway } from './testing/server.ts';

/** Two replicas of one organisation on one database. Requests over HTTP go to them in turn. */
let postgres: RunningPostgres;
let gateway: TestGateway;
let one: Auth;
let other: Auth;
beforeAll(async () => {
  postgres = await startPostgres();
  gateway = await startGateway({ database: await postgres.database() }, 2);
  const [first, second] = gateway.auths;
  if (!first || !second) throw new Error('no two replicas');
  [one, other] = [first, second];
});
afterAll(async () => {
  await gateway.close();
  await postgres.stop();
});

const SCOPE = 'openid offline_access patient/*.rs';
const REFUSED = { status: 401 };

/** How many of these went through. */
async function wentThrough(all: readonly Promise<unknown>[]): Promise<number> {
  const settled = await Promise.allSettled(all);
  return settled.filter(({ status }) => status === 'fulfilled').length;
}

test('both sign with the same keys, made when both started at once', async () => {
  const jwks = async () => (await fetch(`${gateway.baseUrl}/oauth/jwks`)).json();
  const first = await jwks();
  expect(first).toMatchObject({ keys: [{ use: 'sig' }, { use: 'sig' }] });
  expect(await jwks()).toEqual(first);
});

test('a token that one issued is good at both, and revoked at both at once', async () => {
  const { tokens, config } = await logIn(gateway, { scope: SCOPE });
  const header = `Bearer ${tokens.access_token}`;
  // Twice, so that both know what it says.
  for (const auth of [one, other, one, other]) expect((await auth.authenticate(header)).patient).toBe('1');
  await client.tokenRevocation(config, tokens.access_token);
  for (const auth of [one, other]) await expect(auth.authenticate(header)).rejects.toMatchObject(REFUSED);
});

test('an account disabled at one is out at the other on the very next request', async () => {
  const username = 'patient2@demo.example';
  const { tokens } = await logIn(gateway, { scope: SCOPE, username });
  const header = `Bearer ${tokens.access_token}`;
  await other.authenticate(header);
  const id = (await one.accounts.findByUsername(username))?.id ?? '';
  await one.accounts.disable(id);
  await expect(other.authenticate(header)).rejects.toMatchObject(REFUSED);
  await one.accounts.enable(id);
  await expect(other.authenticate(header)).rejects.toMatchObject(REFUSED);
});

test('a client changed at one has its new name at the other, with the token that it has', async () => {
  const { tokens } = await logIn(gateway, { scope: SCOPE });
  const header = `Bearer ${tokens.access_token}`;
  await other.authenticate(header);
  const app = await one.clients.get('demo-app');
  if (!app) throw new Error('no app');
  await one.clients.update({ ...app, name: 'Renamed' });
  expect((await other.clients.get('demo-app'))?.name).toBe('Renamed');
  expect((await other.authenticate(header)).client).toBe('demo-app');
});

test('a code presented to both at once is good once', async () => {
  for (let round = 0; round < 5; round += 1) {
    const { config, back, checks } = await visit(gateway, { scope: SCOPE });
    const exchange = () => client.authorizationCodeGrant(config, back, checks);
    expect(await wentThrough([exchange(), exchange()])).toBeLessThanOrEqual(1);
  }
});

test('a refresh token presented to both at once is good once', async () => {
  for (let round = 0; round < 5; round += 1) {
    const { config, tokens } = await logIn(gateway, { scope: SCOPE });
    const refresh = () => client.refreshTokenGrant(config, tokens.refresh_token ?? '');
    expect(await wentThrough([refresh(), refresh()])).toBeLessThanOrEqual(1);
  }
});

test('an assertion presented to both at once is good exactly once', async () => {
  for (let round = 0; round < 5; round += 1) {
    const now = Math.floor(Date.now() / 1000);
    const id = 'hospital-system';
    const assertion = await new SignJWT({ jti: crypto.randomUUID(), exp: now + 240 })
      .setIssuer(id)
      .setSubject(id)
      .setAudience(`${gateway.baseUrl}/oauth/token`)
      .setProtectedHeader({ alg: 'RS384', kid: 'rsa', typ: 'JWT' })
      .sign(gateway.keys.RS384);
    const token = async (): Promise<void> => {
      const body = new URLSearchParams({
        ...{ grant_type: 'client_credentials', scope: 'system/*.rs', client_assertion: assertion },
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      });
      const { status } = await fetch(`${gateway.baseUrl}/oauth/token`, { method: 'POST', body });
      if (status !== 200) throw new Error(`refused with ${status}`);
    };
    expect(await wentThrough([token(), token()])).toBe(1);
  }
});

test('one user name given at both at once is one account’s', async () => {
  const create = (auth: Auth, pseudonym: string) =>
    auth.accounts.create({
      ...{ username: 'new@demo.example', password: 'demo-Passw0rd', role: 'doctor', display: 'New' },
      ...{ fhirUser: 'Practitioner/8', identity: { mspId: 'HospitalMSP', pseudonym } },
    });
  expect(await wentThrough([create(one, 'new-1'), create(other, 'new-2')])).toBe(1);
});

test('a session that began at one is known to the other, and its end too', async () => {
  const { browser, tokens } = await logIn(gateway, { scope: 'openid online_access patient/*.rs' });
  expect((await visit(gateway, { scope: SCOPE, browser })).pages).toHaveLength(1);
  const page = await browser.open(`${gateway.baseUrl}/oauth/logout`);
  if (page instanceof URL) throw new Error('no page');
  await browser.submit(page, { logout: 'yes' });
  for (let turn = 0; turn < 2; turn += 1)
    expect((await whoAmI(gateway, tokens.access_token)).status).toBe(401);
});

test('nothing went wrong inside', () => {
  expect(gateway.errors).toEqual([]);
});
