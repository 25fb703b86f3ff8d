import * as client from 'openid-client';
import { authorizationUrl, discover, logIn, whoAmI } from './app.ts';
import { PASSWORD, type StartGateway, type TestGateway } from './server.ts';

/** What tokens are good for, and for how long, on a database of each engine. */
export function tokensSuite(start: StartGateway): void {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await start();
  });
  afterAll(() => gateway.close());

  const error = async (promise: Promise<unknown>): Promise<string> => {
    try {
      await promise;
    } catch (thrown) {
      if (thrown instanceof client.ResponseBodyError) return thrown.error;
      throw thrown;
    }
    throw new Error('it went through');
  };

  const OFFLINE = 'openid fhirUser offline_access patient/*.rs patient/Observation.c';

  describe('refresh', () => {
    test('gives new tokens, and a new refresh token in place of the old one', async () => {
      const { tokens, config } = await logIn(gateway, { scope: OFFLINE });
      const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '');
      expect(refreshed.scope?.split(' ').sort()).toEqual(OFFLINE.split(' ').sort());
      expect(refreshed.patient).toBe('1');
      expect(refreshed.claims()?.fhirUser).toBe(`${gateway.fhirBase}/Patient/1`);
      expect(refreshed.refresh_token).not.toBe(tokens.refresh_token);
      expect((await whoAmI(gateway, refreshed.access_token)).status).toBe(200);
    });

    test('can ask for less, in SMART’s sense of less', async () => {
      const { tokens, config } = await logIn(gateway, { scope: OFFLINE });
      const less = 'patient/Observation.crs?category=laboratory patient/Condition.read';
      const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '', { scope: less });
      expect(refreshed.scope?.split(' ').sort()).toEqual([
        'patient/Condition.read',
        'patient/Observation.rs?category=laboratory',
      ]);
      expect((await whoAmI(gateway, refreshed.access_token)).principal?.scopes).toHaveLength(2);
      const whole = await client.refreshTokenGrant(config, refreshed.refresh_token ?? '');
      expect(whole.scope?.split(' ').sort()).toEqual(OFFLINE.split(' ').sort());
    });

    test.each([
      'patient/*.cruds',
      'patient/Condition.c',
      'user/Observation.rs',
      'online_access',
      'system/*.rs',
      'nonsense',
    ])('can’t ask for more: %s', async (more) => {
      const { tokens, config } = await logIn(gateway, { scope: OFFLINE });
      const refused = client.refreshTokenGrant(config, tokens.refresh_token ?? '', {
        scope: `patient/*.rs ${more}`,
      });
      expect(await error(refused)).toBe('invalid_scope');
    });

    test('with a used refresh token ends everything that came from the login', async () => {
      const { tokens, config } = await logIn(gateway, { scope: OFFLINE });
      const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '');
      expect(await error(client.refreshTokenGrant(config, tokens.refresh_token ?? ''))).toBe('invalid_grant');
      expect((await whoAmI(gateway, refreshed.access_token)).status).toBe(401);
      expect(await error(client.refreshTokenGrant(config, refreshed.refresh_token ?? ''))).toBe(
        'invalid_grant',
      );
    });

    test('of one token by many at once succeeds once', async () => {
      const { tokens, config } = await logIn(gateway, { scope: OFFLINE });
      const all = await Promise.allSettled(
        Array.from({ length: 8 }, () => client.refreshTokenGrant(config, tokens.refresh_token ?? '')),
      );
      expect(all.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(1);
    });

    test('without offline_access works until the user logs out', async () => {
      const { tokens, config, browser } = await logIn(gateway, {
        scope: 'openid online_access patient/*.rs',
      });
      const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '');
      const page = await browser.open(`${gateway.baseUrl}/oauth/logout`);
      if (page instanceof URL) throw new Error('no page');
      expect(page.html).toContain('Log out?');
      const done = await browser.submit(page, { logout: 'yes' });
      expect(done instanceof URL ? '' : done.html).toContain('You are logged out');
      expect((await whoAmI(gateway, refreshed.access_token)).status).toBe(401);
      expect(await error(client.refreshTokenGrant(config, refreshed.refresh_token ?? ''))).toBe(
        'invalid_grant',
      );
    });
  });

  describe('logging out', () => {
    test('keeps what the user gave offline_access to, and sends back to the app', async () => {
      const { tokens, config, browser } = await logIn(gateway, { scope: OFFLINE });
      const url = client.buildEndSessionUrl(config, {
        id_token_hint: tokens.id_token ?? '',
        post_logout_redirect_uri: 'http://127.0.0.1:40000/bye',
      });
      const page = await browser.open(url.href);
      if (page instanceof URL) throw new Error('no page');
      expect(page.html).toContain('Demo &lt;app&gt;');
      const back = await browser.submit(page, { logout: 'yes' });
      expect(String(back)).toBe('http://127.0.0.1:40000/bye');
      expect((await whoAmI(gateway, tokens.access_token)).status).toBe(200);
      await client.refreshTokenGrant(config, tokens.refresh_token ?? '');
    });

    test('without being logged in needs no script either', async () => {
      const { browser } = await logIn(gateway, { scope: 'openid' });
      browser.cookies.clear();
      const page = await browser.open(`${gateway.baseUrl}/oauth/logout`);
      if (page instanceof URL) throw new Error('no page');
      expect(page.html).not.toContain('<script');
      const done = await browser.submit(page, {});
      expect(done instanceof URL ? '' : done.html).toContain('You are logged out');
    });

    test('by somebody else’s login in the same browser ends the first one’s session', async () => {
      const first = await logIn(gateway, { scope: 'openid patient/*.rs' });
      const wish = {
        scope: 'openid user/*.rs',
        username: 'doctor@demo.example',
        parameters: { prompt: 'login' },
      };
      const second = await logIn(gateway, { ...wish, browser: first.browser });
      expect(second.tokens.claims()?.sub).not.toBe(first.tokens.claims()?.sub);
      expect((await whoAmI(gateway, first.tokens.access_token)).status).toBe(401);
      expect((await whoAmI(gateway, second.tokens.access_token)).status).toBe(200);
    });

    test('a second login of the same user leaves the first app’s token alone', async () => {
      const first = await logIn(gateway, { scope: 'openid patient/*.rs' });
      const second = await logIn(gateway, { scope: 'openid patient/*.rs', browser: first.browser });
      expect(second.pages).toHaveLength(1);
      expect((await whoAmI(gateway, first.tokens.access_token)).status).toBe(200);
    });
  });

  describe('revocation', () => {
    test('of an access token holds on the very next request', async () => {
      const { tokens, config } = await logIn(gateway, { scope: OFFLINE });
      expect((await whoAmI(gateway, tokens.access_token)).status).toBe(200);
      await client.tokenRevocation(config, tokens.access_token);
      const { status, headers, issue } = await whoAmI(gateway, tokens.access_token);
      expect(status).toBe(401);
      expect(headers.get('www-authenticate')).toMatch(/^Bearer realm="http.*error="invalid_token"/);
      expect(issue).toBe('login');
    });

    test('of a refresh token ends its access tokens too', async () => {
      const { tokens, config } = await logIn(gateway, { scope: OFFLINE });
      await client.tokenRevocation(config, tokens.refresh_token ?? '');
      expect((await whoAmI(gateway, tokens.access_token)).status).toBe(401);
      expect(await error(client.refreshTokenGrant(config, tokens.refresh_token ?? ''))).toBe('invalid_grant');
    });

    test('of another app’s token is answered alike and does nothing', async () => {
      const { tokens } = await logIn(gateway, { scope: OFFLINE });
      const other = await discover(gateway, 'narrow-app');
      await client.tokenRevocation(other, tokens.access_token);
      expect((await whoAmI(gateway, tokens.access_token)).status).toBe(200);
    });
  });

  describe('introspection', () => {
    test('tells the app about its own token, with SMART’s context', async () => {
      const { tokens, config } = await logIn(gateway, { scope: 'openid patient/*.rs' });
      expect(await client.tokenIntrospection(config, tokens.access_token)).toMatchObject({
        active: true,
        client_id: 'demo-app',
        scope: 'openid patient/*.rs',
        patient: '1',
        aud: gateway.fhirBase,
        token_type: 'Bearer',
      });
    });

    test('says nothing of another app’s token, or of a revoked one', async () => {
      const { tokens, config } = await logIn(gateway, { scope: 'openid patient/*.rs' });
      const other = await discover(gateway, 'narrow-app');
      expect(await client.tokenIntrospection(other, tokens.access_token)).toEqual({ active: false });
      await client.tokenRevocation(config, tokens.access_token);
      expect(await client.tokenIntrospection(config, tokens.access_token)).toEqual({ active: false });
    });
  });

  describe('an account', () => {
    const OFF = { scope: 'openid offline_access patient/*.rs', username: 'patient2@demo.example' };

    test('that is disabled is out on the very next request, and back only with a new login', async () => {
      const { tokens, config, browser } = await logIn(gateway, OFF);
      const id = (await gateway.auth.accounts.findByUsername(OFF.username))?.id ?? '';
      await gateway.auth.accounts.disable(id);
      expect((await whoAmI(gateway, tokens.access_token)).status).toBe(401);
      expect(await client.tokenIntrospection(config, tokens.access_token)).toEqual({ active: false });
      expect(await error(client.refreshTokenGrant(config, tokens.refresh_token ?? ''))).toBe('invalid_grant');
      const url = authorizationUrl(config, gateway.fhirBase, {
        ...{ scope: 'openid', state: 'x', code_challenge_method: 'S256' },
        code_challenge: await client.calculatePKCECodeChallenge(client.randomPKCECodeVerifier()),
      });
      const page = await browser.open(url.href);
      if (page instanceof URL) throw new Error('no page');
      const refused = await browser.submit(page, { username: OFF.username, password: PASSWORD });
      expect(refused instanceof URL ? '' : refused.html).toContain('E-mail address or password is wrong.');
      await gateway.auth.accounts.enable(id);
      expect((await whoAmI(gateway, tokens.access_token)).status).toBe(401);
      expect((await logIn(gateway, OFF)).tokens.access_token).toBeTruthy();
    });

    test('whose password changes loses the tokens that the old one got', async () => {
      const { tokens } = await logIn(gateway, OFF);
      await gateway.auth.accounts.setPassword(
        (await gateway.auth.accounts.findByUsername(OFF.username))?.id ?? '',
        'another-Passw0rd',
      );
      expect((await whoAmI(gateway, tokens.access_token)).status).toBe(401);
      expect(
        (await logIn(gateway, { ...OFF, password: 'another-Passw0rd' })).tokens.access_token,
      ).toBeTruthy();
    });
  });

  test('no token, a scheme of another kind, or nonsense is 401 and says how to do better', async () => {
    for (const header of [
      undefined,
      '',
      'Basic YTpi',
      'Bearer',
      'Bearer nonsense',
      'Bearer a b',
      `Bearer ${'x'.repeat(5000)}`,
    ]) {
      const response = await fetch(
        `${gateway.fhirBase}/Patient/1`,
        header === undefined ? {} : { headers: { authorization: header } },
      );
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toMatch(/^Bearer realm=/);
    }
  });

  test('an access token expires after an hour, and its row goes', async () => {
    const { tokens } = await logIn(gateway, { scope: 'openid patient/*.rs' });
    gateway.advance(3_601_000);
    const { status, issue } = await whoAmI(gateway, tokens.access_token);
    expect(status).toBe(401);
    expect(issue).toBe('expired');
    gateway.advance(-3_601_000);
  });

  test('a restart forgets no login, no token and no revocation', async () => {
    const own = await start();
    const { tokens, config, browser } = await logIn(own, { scope: OFFLINE });
    const gone = await logIn(own, { scope: OFFLINE });
    await client.tokenRevocation(gone.config, gone.tokens.access_token);
    await own.restart();
    expect((await whoAmI(own, tokens.access_token)).status).toBe(200);
    expect((await whoAmI(own, gone.tokens.access_token)).status).toBe(401);
    const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '');
    expect((await whoAmI(own, refreshed.access_token)).status).toBe(200);
    expect((await logIn(own, { scope: OFFLINE, browser })).pages).toHaveLength(1);
    await own.close();
  });

  test('nothing went wrong inside', () => {
    expect(gateway.errors).toEqual([]);
  });
}
