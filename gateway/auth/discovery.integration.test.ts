import { spawnSync } from 'node:child_process';
import { startGateway, type TestGateway } from './testing/server.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.close());

const json = async (path: string): Promise<Record<string, unknown>> => {
  const response = await fetch(gateway.baseUrl + path);
  expect(response.status).toBe(200);
  return (await response.json()) as Record<string, unknown>;
};

test('OpenID and SMART configuration name the same endpoints, all of this server', async () => {
  const openid = await json('/.well-known/openid-configuration');
  const smart = await json('/fhir/R4/.well-known/smart-configuration');
  expect(openid.issuer).toBe(gateway.baseUrl);
  for (const name of [
    'issuer',
    'jwks_uri',
    'authorization_endpoint',
    'token_endpoint',
    'introspection_endpoint',
    'revocation_endpoint',
  ]) {
    expect(smart[name]).toBe(openid[name]);
    expect(String(smart[name])).toContain(gateway.baseUrl);
  }
  expect(openid.response_modes_supported).toEqual(['query']);
  expect(openid.code_challenge_methods_supported).toEqual(['S256']);
  expect(openid.token_endpoint_auth_signing_alg_values_supported).toEqual(['RS384', 'ES384']);
  expect(openid.token_endpoint_auth_methods_supported).toEqual(smart.token_endpoint_auth_methods_supported);
  expect([...(openid.grant_types_supported as string[])].sort()).toEqual(
    [...(smart.grant_types_supported as string[])].sort(),
  );
});

test('only public keys are published', async () => {
  const { keys } = (await json('/oauth/jwks')) as unknown as { keys: Record<string, unknown>[] };
  expect(keys.map(({ alg }) => alg)).toEqual(expect.arrayContaining(['RS256', 'ES384']));
  for (const jwk of keys) expect(jwk).not.toHaveProperty('d');
});

test.each(['/oauth/token', '/oauth/revoke', '/oauth/introspect', '/fhir/R4/Patient'])(
  'a preflight for %s is let through',
  async (path) => {
    const response = await fetch(gateway.baseUrl + path, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://app.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization',
      },
    });
    expect(response.status).toBe(204);
    expect(['*', 'https://app.example']).toContain(response.headers.get('access-control-allow-origin'));
    expect(response.headers.get('access-control-allow-methods')).toContain('POST');
    expect(response.headers.get('access-control-allow-headers')).toBe('authorization');
    expect(response.headers.get('access-control-allow-credentials')).toBeNull();
  },
);

test.each(['/.well-known/openid-configuration', '/fhir/R4/.well-known/smart-configuration', '/oauth/jwks'])(
  'a page of any origin can read %s',
  async (path) => {
    const response = await fetch(gateway.baseUrl + path, { headers: { origin: 'https://app.example' } });
    expect(['*', 'https://app.example']).toContain(response.headers.get('access-control-allow-origin'));
  },
);

test.each([
  '/.well-known/openid-configuration',
  '/.well-known/oauth-authorization-server',
  '/fhir/R4/.well-known/smart-configuration',
])('%s is for reading', async (path) => {
  const answer = async (method: string) => {
    const { status, headers } = await fetch(gateway.baseUrl + path, { method });
    return [status, headers.get('allow')];
  };
  expect(await answer('HEAD')).toEqual([200, null]);
  expect(await answer('OPTIONS')).toEqual([204, 'GET, HEAD, OPTIONS']);
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
    expect(await answer(method)).toEqual([405, 'GET, HEAD, OPTIONS']);
});

test('a refusal of the FHIR API can be read by a page of any origin', async () => {
  const response = await fetch(`${gateway.fhirBase}/Patient/1`, {
    headers: { origin: 'https://app.example' },
  });
  expect(response.status).toBe(401);
  expect(response.headers.get('access-control-allow-origin')).toBe('*');
  expect(response.headers.get('access-control-expose-headers')).toContain('WWW-Authenticate');
});

test('a browser’s token request is answered with CORS headers', async () => {
  const response = await fetch(`${gateway.baseUrl}/oauth/token`, {
    method: 'POST',
    headers: { origin: 'https://app.example' },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: 'demo-app',
      code: 'x',
      redirect_uri: 'http://127.0.0.1/callback',
    }),
  });
  expect(response.status).toBe(400);
  expect(response.headers.get('access-control-allow-origin')).toBe('https://app.example');
  expect(response.headers.get('cache-control')).toBe('no-store');
});

test('other paths go on, and unknown ones of ours are 404', async () => {
  expect((await fetch(`${gateway.baseUrl}/elsewhere`)).status).toBe(401);
  expect((await fetch(`${gateway.baseUrl}/oauth/nothing`)).status).toBe(404);
});

test('starting, serving a login and stopping prints nothing', () => {
  const script = `
    import { startGateway } from './testing/server.ts';
    import { logIn } from './testing/app.ts';
    const gateway = await startGateway();
    await logIn(gateway, { scope: 'openid offline_access patient/*.rs' });
    await fetch(gateway.baseUrl + '/oauth/logout');
    await gateway.close();
  `;
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--no-warnings', '--input-type=module', '-e', script],
    {
      cwd: import.meta.dirname,
      encoding: 'utf8',
    },
  );
  expect({ stdout, stderr, status }).toEqual({ stdout: '', stderr: '', status: 0 });
});
