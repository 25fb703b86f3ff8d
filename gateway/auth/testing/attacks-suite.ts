import { hash } from 'node:crypto';
import * as client from 'openid-client';
import { authorizationUrl, discover, logIn, visit, whoAmI } from './app.ts';
import { Browser, type Page } from './browser.ts';
import { PASSWORD, type StartGateway, type TestGateway } from './server.ts';

/** What attackers try, on a database of each engine. */
export function attacksSuite(start: StartGateway): void {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await start();
  });
  afterAll(() => gateway.close());

  const VERIFIER = 'a-verifier-that-is-long-enough-for-the-rules-of-pkce';

  /** Opens an authorization request as somebody up to no good would build it. */
  async function request(
    parameters: Record<string, string>,
    browser = new Browser(gateway.baseUrl),
  ): Promise<Page | URL> {
    const config = await discover(gateway);
    const url = authorizationUrl(config, gateway.fhirBase, {
      ...{ scope: 'openid patient/*.rs', state: 'the-state', code_challenge_method: 'S256' },
      code_challenge: await client.calculatePKCECodeChallenge(VERIFIER),
      ...parameters,
    });
    for (const [name, value] of Object.entries(parameters)) if (value === '') url.searchParams.delete(name);
    return browser.open(url.href);
  }

  const page = (at: Page | URL): Page => {
    if (at instanceof URL) throw new Error(`sent away to ${at.href}`);
    return at;
  };
  const away = (at: Page | URL): string | null => {
    if (!(at instanceof URL)) throw new Error(`a page: ${at.html}`);
    return at.searchParams.get('error') ?? new URLSearchParams(at.hash.slice(1)).get('error');
  };

  async function exchange(
    body: Record<string, string>,
  ): Promise<{ status: number; error?: string; headers: Headers }> {
    const response = await fetch(`${gateway.baseUrl}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams(body),
    });
    const json = (await response.json()) as { error?: string };
    return {
      status: response.status,
      headers: response.headers,
      ...(json.error !== undefined && { error: json.error }),
    };
  }

  const codeBody = (back: URL, verifier: string, redirect = 'http://127.0.0.1:53123/callback') => ({
    ...{ grant_type: 'authorization_code', client_id: 'demo-app', redirect_uri: redirect },
    ...{ code: back.searchParams.get('code') ?? '', code_verifier: verifier },
  });

  describe('an authorization request', () => {
    test.each([
      ['with plain PKCE', { code_challenge_method: 'plain', code_challenge: VERIFIER }, 'invalid_request'],
      ['with PKCE of no method', { code_challenge_method: '', code_challenge: VERIFIER }, 'invalid_request'],
      ['without PKCE', { code_challenge_method: '', code_challenge: '' }, 'invalid_request'],
      ['for another FHIR server', { aud: 'https://evil.example/fhir' }, 'invalid_request'],
      ['without saying for which FHIR server', { aud: '' }, 'invalid_request'],
      ['without saying so for a patient in context', { aud: '', scope: 'launch/patient' }, 'invalid_request'],
      ['for another resource', { resource: 'https://evil.example/fhir' }, 'invalid_target'],
      ['for scopes that nobody can have', { scope: 'system/*.rs banana' }, 'invalid_scope'],
      ['for no scope', { scope: '' }, 'invalid_scope'],
      ['of the implicit kind', { response_type: 'token' }, 'invalid_request'],
      ['without asking anybody', { prompt: 'none' }, 'login_required'],
    ])('%s goes back with an error', async (_case, parameters, error) => {
      expect(away(await request(parameters))).toBe(error);
    });

    test.each([
      ['an address of somebody else', { redirect_uri: 'https://evil.example/callback' }],
      ['localhost in place of the loopback address', { redirect_uri: 'http://localhost:53123/callback' }],
      ['another path', { redirect_uri: 'http://127.0.0.1:53123/callback/../evil' }],
      ['a user name before the host', { redirect_uri: 'http://127.0.0.1:1@evil.example/callback' }],
      ['no address', { redirect_uri: '' }],
      ['an unknown client', { client_id: 'nobody' }],
    ])('with %s stays here, on a page', async (_case, parameters) => {
      const { status, html, headers } = page(await request(parameters));
      expect(status).toBe(400);
      expect(html).toContain('This did not work');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    });

    test('is not fooled by the Host header', async () => {
      const response = await fetch(`${gateway.baseUrl}/.well-known/openid-configuration`, {
        headers: { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' },
      });
      expect(JSON.stringify(await response.json())).not.toContain('evil.example');
    });

    test('shows markup in a name as text', async () => {
      const { html } = page(await request({ login_hint: '"><script>alert(1)</script>' }));
      expect(html).not.toContain('<script');
      expect(html).toContain('value="&quot;&gt;&lt;script&gt;');
      expect(html).toContain('Demo &lt;app&gt;');
    });
  });

  describe('a code', () => {
    test('is good once; the second time it ends what came from the first', async () => {
      const { tokens, back, checks } = await logIn(gateway, { scope: 'openid offline_access patient/*.rs' });
      const replay = await exchange(codeBody(back, String(checks.pkceCodeVerifier)));
      expect(replay).toMatchObject({ status: 400, error: 'invalid_grant' });
      expect((await whoAmI(gateway, tokens.access_token)).status).toBe(401);
    });

    test('is good once even for many at the same moment', async () => {
      const { back, checks } = await visit(gateway, { scope: 'openid patient/*.rs' });
      const body = codeBody(back, String(checks.pkceCodeVerifier));
      const all = await Promise.all(Array.from({ length: 8 }, () => exchange(body)));
      expect(all.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
      expect(gateway.errors).toEqual([]);
    });

    test('needs its verifier, its redirect and its client', async () => {
      const { back, checks } = await visit(gateway, { scope: 'openid patient/*.rs' });
      const verifier = String(checks.pkceCodeVerifier);
      const attempts = [
        codeBody(back, VERIFIER),
        codeBody(back, ''),
        codeBody(back, verifier, 'http://127.0.0.1:1/callback'),
        { ...codeBody(back, verifier), client_id: 'narrow-app', redirect_uri: 'https://app.example/back' },
      ];
      for (const body of attempts)
        expect(await exchange(body)).toMatchObject({ status: 400, error: 'invalid_grant' });
    });

    test('is exchanged for an answer that no cache keeps', async () => {
      const { back, checks } = await visit(gateway, { scope: 'openid patient/*.rs' });
      const { status, headers } = await exchange(codeBody(back, String(checks.pkceCodeVerifier)));
      expect(status).toBe(200);
      expect(headers.get('cache-control')).toBe('no-store');
    });
  });

  describe('a client gets no more than it may have', () => {
    test('wider scopes are narrowed to its own', async () => {
      const back = 'https://app.example/back';
      const scope = 'openid fhirUser patient/*.cruds user/*.rs';
      const browser = new Browser(gateway.baseUrl);
      const login = page(await request({ client_id: 'narrow-app', redirect_uri: back, scope }, browser));
      const consent = page(
        await browser.submit(login, { username: 'patient@demo.example', password: PASSWORD }),
      );
      expect(consent.form?.inputs.map(({ value }) => value)).toEqual(['openid', 'patient/Observation.rs']);
      const sent = await browser.submit(consent, { decision: 'allow', scope: 'user/*.rs' });
      if (!(sent instanceof URL)) throw new Error('no redirect');
      const config = await discover(gateway, 'narrow-app');
      const tokens = await client.authorizationCodeGrant(config, sent, {
        pkceCodeVerifier: VERIFIER,
        expectedState: 'the-state',
      });
      expect(tokens.scope).toBe('openid patient/Observation.rs');
    });

    test('a public client has no token on its own account', async () => {
      const body = { grant_type: 'client_credentials', client_id: 'demo-app', scope: 'system/*.rs' };
      expect(await exchange(body)).toMatchObject({ status: 400, error: 'invalid_request' });
    });
  });

  describe('the pages', () => {
    test('run no script, stand in no frame, are kept by no cache', async () => {
      const { headers, html } = page(await request({}));
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('script-src');
      const style = /<style>([\s\S]*?)<\/style>/.exec(html)?.[1] ?? '';
      expect(policy).toContain(`style-src 'sha256-${hash('sha256', style, 'base64')}'`);
      expect(policy).not.toContain('unsafe');
      expect(policy).toContain("form-action 'self' http://127.0.0.1:53123");
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(html).not.toContain('<script');
    });

    test('are another browser’s as little as another’s login', async () => {
      const login = page(await request({}));
      const stranger = new Browser(gateway.baseUrl);
      const seen = page(await stranger.open(login.url));
      expect(seen.status).toBe(400);
      const sent = page(
        await stranger.submit(login, { username: 'patient@demo.example', password: PASSWORD }),
      );
      expect(sent.html).toContain('This login has ended');
    });

    test('take no form of another site', async () => {
      const browser = new Browser(gateway.baseUrl);
      const login = page(await request({}, browser));
      const foreign: Record<string, string>[] = [
        { 'sec-fetch-site': 'cross-site' },
        { origin: 'https://evil.example' },
        { origin: 'null' },
      ];
      for (const headers of foreign) {
        const form = { username: 'patient@demo.example', password: PASSWORD };
        const answer = page(await browser.submit(login, form, undefined, headers));
        expect(answer.status).toBe(400);
      }
      const json = await browser.open(login.url, {
        ...{ method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } },
      });
      expect(page(json).status).toBe(400);
    });

    test('set cookies that scripts can’t read, for this site alone, and not only over https when it is http', async () => {
      const { browser } = await visit(gateway, { scope: 'openid' });
      expect(browser.setCookies.length).toBeGreaterThan(3);
      for (const cookie of browser.setCookies) {
        expect(cookie.toLowerCase()).toContain('httponly');
        expect(cookie.toLowerCase()).toContain('samesite=lax');
        expect(cookie.toLowerCase()).not.toContain('; secure');
      }
    });

    test('set cookies for https alone where the gateway stands behind https', async () => {
      const own = await start({ baseUrl: 'https://gateway.example' });
      const query = new URLSearchParams({
        ...{
          client_id: 'demo-app',
          response_type: 'code',
          scope: 'openid',
          redirect_uri: 'http://127.0.0.1:1/callback',
        },
        ...{
          code_challenge_method: 'S256',
          code_challenge: await client.calculatePKCECodeChallenge(VERIFIER),
        },
      });
      const response = await fetch(`${own.baseUrl}/oauth/authorize?${query}`, { redirect: 'manual' });
      expect(response.headers.get('location')).toMatch(/^\/oauth\/interaction\//);
      const cookies = response.headers.getSetCookie();
      expect(cookies.length).toBeGreaterThan(1);
      for (const cookie of cookies) expect(cookie.toLowerCase()).toContain('; secure');
      await own.close();
    });

    test('grant what was asked for only, whatever the form says', async () => {
      const browser = new Browser(gateway.baseUrl);
      const login = page(await request({ scope: 'openid patient/Patient.r' }, browser));
      const consent = page(
        await browser.submit(login, { username: 'patient@demo.example', password: PASSWORD }),
      );
      const sent = await browser.submit(consent, { decision: 'allow', scope: 'patient/*.cruds' });
      if (!(sent instanceof URL)) throw new Error('no redirect');
      const config = await discover(gateway);
      const tokens = await client.authorizationCodeGrant(config, sent, {
        pkceCodeVerifier: VERIFIER,
        expectedState: 'the-state',
      });
      expect(tokens.scope).toBe('openid patient/Patient.r');
    });
  });

  describe('guessing passwords', () => {
    test('an unknown user and a wrong password get the same answer', async () => {
      const attempt = async (username: string): Promise<{ html: string; status: number }> => {
        const browser = new Browser(gateway.baseUrl);
        const login = page(await request({}, browser));
        const { html, status, url } = page(await browser.submit(login, { username, password: 'wrong' }));
        return { html: html.replaceAll(username, '').replaceAll(new URL(url).pathname, ''), status };
      };
      const known = await attempt('patient2@demo.example');
      const unknown = await attempt('nobody@demo.example');
      expect(unknown.html).toBe(known.html);
      expect(unknown.status).toBe(known.status);
    });

    test('at many accounts holds up nobody who logged in at the address before', async () => {
      const own = await start();
      const browser = new Browser(own.baseUrl);
      const wish = { scope: 'openid', username: 'doctor@demo.example' };
      await logIn(own, wish);
      const config = await discover(own);
      const url = authorizationUrl(config, own.fhirBase, {
        ...{ scope: 'openid', state: 'x', code_challenge_method: 'S256' },
        code_challenge: await client.calculatePKCECodeChallenge(VERIFIER),
      });
      let at = page(await browser.open(url.href));
      for (let guess = 0; at.status !== 429 && guess < 80; guess += 1)
        at = page(await browser.submit(at, { username: `user${guess}@demo.example`, password: 'wrong' }));
      expect(at.status).toBe(429);
      expect(Number(at.headers.get('retry-after'))).toBeLessThanOrEqual(5);
      expect((await logIn(own, wish)).tokens.access_token).toBeTruthy();
      await own.close();
    });

    test('soon has to wait, and the owner gets in after a while', async () => {
      const browser = new Browser(gateway.baseUrl);
      let at = page(await request({}, browser));
      const statuses: number[] = [];
      for (let attempt = 0; attempt < 8; attempt += 1) {
        at = page(await browser.submit(at, { username: 'hr@demo.example', password: 'wrong' }));
        statuses.push(at.status);
      }
      expect(statuses.slice(0, 5)).toEqual([403, 403, 403, 403, 403]);
      expect(statuses.at(-1)).toBe(429);
      expect(Number(at.headers.get('retry-after'))).toBeGreaterThan(0);
      const early = page(await browser.submit(at, { username: 'hr@demo.example', password: PASSWORD }));
      expect(early.status).toBe(429);
      gateway.advance(16 * 60_000);
      const consent = page(await browser.submit(early, { username: 'hr@demo.example', password: PASSWORD }));
      expect(consent.html).not.toContain('name="password"');
      gateway.advance(-16 * 60_000);
    });
  });

  test('nothing went wrong inside', () => {
    expect(gateway.errors).toEqual([]);
  });
}
