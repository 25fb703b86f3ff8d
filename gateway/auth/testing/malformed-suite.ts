import type { StartGateway, TestGateway } from './server.ts';

/** Requests that no app would send, on a database of each engine. */
export function malformedSuite(start: StartGateway): void {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await start();
  });
  afterAll(() => gateway.close());

  const AUTHORIZE = `/oauth/authorize?${new URLSearchParams({
    ...{ client_id: 'demo-app', response_type: 'code', redirect_uri: 'http://127.0.0.1:1/callback' },
    ...{ code_challenge_method: 'S256', code_challenge: 'x'.repeat(43) },
  })}`;

  describe('a request that no app would send is never answered by a 5xx, nor by a way to another site', () => {
    test.each([
      ['nothing', '/oauth/authorize'],
      ['two scope parameters', `${AUTHORIZE}&scope=openid&scope=patient/*.rs`],
      ['two prompts', `${AUTHORIZE}&scope=openid&prompt=login&prompt=none`],
      ['two audiences', `${AUTHORIZE}&scope=openid&aud=a&aud=b`],
      ['two resources', `${AUTHORIZE}&scope=openid&resource=a&resource=b`],
      ['bytes that are no text', `${AUTHORIZE}&scope=%00%ff`],
      ['500 scopes', `${AUTHORIZE}&scope=${'patient/Observation.rs%20'.repeat(500)}`],
      ['a negative age', `${AUTHORIZE}&scope=openid&max_age=-1`],
      ['an ID token that is none', `${AUTHORIZE}&scope=openid&id_token_hint=a.b.c`],
      ['names of prototypes', `${AUTHORIZE}&__proto__=1&constructor=2`],
      ['an interaction to resume that is not there', '/oauth/authorize/nothing'],
      ['an interaction without an id', '/oauth/interaction/'],
      ['an interaction somewhere else', '/oauth/interaction/%2e%2e/nothing'],
      ['a logout with an ID token that is none', '/oauth/logout?id_token_hint=x'],
      ['a logout that leads elsewhere', '/oauth/logout?post_logout_redirect_uri=https://evil.example'],
    ])('GET with %s', async (_case, path) => {
      const response = await fetch(gateway.baseUrl + path, { redirect: 'manual' });
      expect(response.status).toBeLessThan(500);
      expect(response.headers.get('location') ?? '').not.toContain('evil.example');
      expect(gateway.errors).toEqual([]);
    });

    test.each([
      ['a login to nothing', '/oauth/interaction/nothing', 'username=a&password=b'],
      ['an empty authorization request', '/oauth/authorize', ''],
      ['an authorization request without end', '/oauth/authorize', `scope=${'x'.repeat(70_000)}`],
      ['an empty token request', '/oauth/token', ''],
      [
        'a refresh token that is no text',
        '/oauth/token',
        'grant_type=refresh_token&client_id=demo-app&refresh_token=%00',
      ],
      [
        'two scopes at a refresh',
        '/oauth/token',
        'grant_type=refresh_token&client_id=demo-app&refresh_token=a&scope=a&scope=b',
      ],
      ['a password grant', '/oauth/token', 'grant_type=password&client_id=demo-app&username=a&password=b'],
      [
        'an endless code',
        '/oauth/token',
        `grant_type=authorization_code&client_id=demo-app&code=${'x'.repeat(60_000)}`,
      ],
      [
        'an assertion that is none',
        '/oauth/token',
        'client_assertion=x&client_assertion_type=y&grant_type=client_credentials',
      ],
      ['nothing to introspect', '/oauth/introspect', 'client_id=demo-app'],
      ['a JWT to revoke', '/oauth/revoke', 'client_id=demo-app&token=a.b.c'],
      ['a logout that was never asked', '/oauth/logout/confirm', 'xsrf=x'],
    ])('POST with %s', async (_case, path, body) => {
      const response = await fetch(gateway.baseUrl + path, {
        method: 'POST',
        body: new URLSearchParams(body),
        redirect: 'manual',
      });
      expect(response.status).toBeLessThan(500);
      expect(gateway.errors).toEqual([]);
    });

    test('an authorization request as JSON', async () => {
      const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
      expect((await fetch(`${gateway.baseUrl}/oauth/authorize`, init)).status).toBe(400);
    });

    test.each(['application/json', 'text/plain', 'multipart/form-data; boundary=x'])(
      'a token request as %s',
      async (type) => {
        const init = {
          method: 'POST',
          headers: { 'content-type': type },
          body: '{"grant_type":"client_credentials"}',
        };
        expect((await fetch(`${gateway.baseUrl}/oauth/token`, init)).status).toBe(400);
      },
    );
  });
}
