import { SignJWT, UnsecuredJWT, generateKeyPair, type CryptoKey } from 'jose';
import * as client from 'openid-client';
import { whoAmI } from './app.ts';
import type { StartGateway, TestGateway } from './server.ts';

/** Clients on their own account, on a database of each engine. */
export function backendSuite(start: StartGateway): void {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await start();
  });
  afterAll(() => gateway.close());

  const ID = 'hospital-system';

  interface Assertion {
    claims?: Record<string, unknown>;
    alg?: string;
    key?: CryptoKey;
  }

  function assertion({ claims, alg = 'RS384', key }: Assertion = {}): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const payload = {
      iss: ID,
      sub: ID,
      aud: `${gateway.baseUrl}/oauth/token`,
      jti: crypto.randomUUID(),
      exp: now + 240,
      ...claims,
    };
    const kid = alg === 'ES384' ? 'ec' : 'rsa';
    return new SignJWT(payload)
      .setProtectedHeader({ alg, kid, typ: 'JWT' })
      .sign(key ?? gateway.keys[alg === 'ES384' ? 'ES384' : 'RS384']);
  }

  async function token(clientAssertion: string, scope = 'system/*.rs') {
    const response = await fetch(`${gateway.baseUrl}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        ...{ grant_type: 'client_credentials', scope, client_assertion: clientAssertion },
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      }),
    });
    const body = (await response.json()) as Record<string, unknown>;
    return { status: response.status, body, headers: response.headers };
  }

  describe('a hospital’s system', () => {
    test.each(['RS384', 'ES384'] as const)(
      'gets a token of five minutes with %s, by openid-client',
      async (alg) => {
        const key = { key: gateway.keys[alg], kid: alg === 'ES384' ? 'ec' : 'rsa' };
        const config = await client.discovery(
          new URL(gateway.baseUrl),
          ID,
          undefined,
          client.PrivateKeyJwt(key),
          {
            execute: [client.allowInsecureRequests],
          },
        );
        const tokens = await client.clientCredentialsGrant(config, { scope: 'system/*.rs system/Patient.c' });
        expect(tokens.expires_in).toBe(300);
        expect(tokens.scope).toBe('system/*.rs system/Patient.c');
        expect(tokens.refresh_token).toBeUndefined();
        const { principal } = await whoAmI(gateway, tokens.access_token);
        expect(principal).toMatchObject({
          identity: { mspId: 'HospitalMSP', pseudonym: 'the-system' },
          requester: { role: 'system', organization: 'Organization/5' },
          client: ID,
          display: 'The hospital’s system',
        });
        expect(principal).not.toHaveProperty('patient');
        expect(await client.tokenIntrospection(config, tokens.access_token)).toMatchObject({
          active: true,
          client_id: ID,
        });
        await client.tokenRevocation(config, tokens.access_token);
        expect((await whoAmI(gateway, tokens.access_token)).status).toBe(401);
      },
    );

    test('may name the issuer as audience', async () => {
      expect((await token(await assertion({ claims: { aud: gateway.baseUrl } }))).status).toBe(200);
    });

    test('gets only what is sensible for a system', async () => {
      const { body } = await token(
        await assertion(),
        'system/Observation.read patient/*.rs user/*.rs openid launch/patient',
      );
      expect(body.scope).toBe('system/Observation.read');
      const confined = await token(await assertion(), 'system/Observation.cruds?category=vital-signs');
      expect(confined.body.scope).toBe('system/Observation.rs?category=vital-signs');
      const nothing = await token(await assertion(), 'user/*.rs openid');
      expect(nothing).toMatchObject({ status: 400, body: { error: 'invalid_scope' } });
    });

    test('is out at once when its client is disabled', async () => {
      const own = await start();
      const before = gateway;
      gateway = own;
      try {
        const { body } = await token(await assertion());
        expect((await whoAmI(own, String(body.access_token))).status).toBe(200);
        await own.auth.clients.disable(ID);
        expect((await whoAmI(own, String(body.access_token))).status).toBe(401);
        expect((await token(await assertion())).status).toBe(401);
      } finally {
        gateway = before;
        await own.close();
      }
    });
  });

  describe('an assertion is refused', () => {
    const now = (): number => Math.floor(Date.now() / 1000);
    test.each<[string, () => Record<string, unknown>]>([
      ['for another audience', () => ({ aud: 'https://evil.example/token' })],
      ['when it has expired', () => ({ exp: now() - 60 })],
      ['when it is good for longer than five minutes', () => ({ exp: now() + 3600 })],
      ['without an expiry', () => ({ exp: undefined })],
      ['without a jti', () => ({ jti: undefined })],
      ['with a jti without end', () => ({ jti: 'x'.repeat(300) })],
      ['of another issuer', () => ({ iss: 'demo-app' })],
      ['for another subject', () => ({ sub: 'demo-app' })],
      ['from the future', () => ({ nbf: now() + 120 })],
    ])('%s', async (_case, claims) => {
      const { status, body } = await token(await assertion({ claims: claims() }));
      expect([400, 401]).toContain(status);
      expect(body).not.toHaveProperty('access_token');
    });

    test('with alg none', async () => {
      const unsigned = new UnsecuredJWT({
        iss: ID,
        sub: ID,
        aud: gateway.baseUrl,
        jti: crypto.randomUUID(),
        exp: now() + 100,
      }).encode();
      expect(await token(unsigned)).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    });

    test('with another key, and with an algorithm that SMART does not name', async () => {
      const { privateKey } = await generateKeyPair('RS384');
      expect((await token(await assertion({ key: privateKey }))).status).toBe(401);
      const own = await generateKeyPair('RS256');
      expect((await token(await assertion({ alg: 'RS256', key: own.privateKey }))).status).toBe(401);
    });

    test('the second time', async () => {
      const once = await assertion();
      expect((await token(once)).status).toBe(200);
      expect(await token(once)).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    });

    test('all but once when it comes many times at the same moment', async () => {
      const once = await assertion();
      const all = await Promise.all(Array.from({ length: 12 }, () => token(once)));
      expect(all.filter(({ status }) => status === 200)).toHaveLength(1);
    });
  });

  test('nothing went wrong inside', () => {
    expect(gateway.errors).toEqual([]);
  });
}
