import * as client from 'openid-client';
import type { Issue } from '../../fhir/errors.ts';
import type { Principal } from '../../principal.ts';
import { Browser, type Page } from './browser.ts';
import { LOOPBACK, PASSWORD, type TestGateway } from './server.ts';

/** A gateway as it stands outside. */
export type Reachable = Pick<TestGateway, 'baseUrl' | 'fhirBase'>;

/** `demo-app`, or another public client, as openid-client knows it after discovery. */
export function discover(gateway: Reachable, clientId = 'demo-app'): Promise<client.Configuration> {
  return client.discovery(new URL(gateway.baseUrl), clientId, undefined, client.None(), {
    execute: [client.allowInsecureRequests],
  });
}

export interface LoginWish {
  scope: string;
  /** `demo-app` by default. */
  clientId?: string;
  username?: string;
  password?: string;
  /** The checkboxes to leave ticked. */
  ticked?: (scope: string) => boolean;
  decision?: 'allow' | 'deny';
  /** What to enter where a patient is asked for. */
  patient?: string;
  parameters?: Record<string, string>;
  browser?: Browser;
}

export interface Visit {
  config: client.Configuration;
  browser: Browser;
  /** The redirect back to the app. */
  back: URL;
  checks: client.AuthorizationCodeGrantChecks;
  pages: Page[];
}

export function authorizationUrl(
  config: client.Configuration,
  fhirBase: string,
  parameters: Record<string, string>,
): URL {
  return client.buildAuthorizationUrl(config, { redirect_uri: LOOPBACK, aud: fhirBase, ...parameters });
}

/** Sends a person through login, choice of patient and authorisation, up to the redirect back to the app. */
export async function visit(gateway: Reachable, wish: LoginWish): Promise<Visit> {
  const config = await discover(gateway, wish.clientId);
  const browser = wish.browser ?? new Browser(gateway.baseUrl);
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const expectedState = client.randomState();
  const url = authorizationUrl(config, gateway.fhirBase, {
    scope: wish.scope,
    state: expectedState,
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    ...wish.parameters,
  });
  const pages: Page[] = [];
  let at = await browser.open(url.href);
  while (!(at instanceof URL)) {
    pages.push(at);
    const names = at.form?.inputs.map(({ name }) => name) ?? [];
    if (pages.length > 4) throw new Error(`going in circles at ${at.url}: ${at.html}`);
    if (names.includes('password')) {
      const username = wish.username ?? 'patient@demo.example';
      at = await browser.submit(at, { username, password: wish.password ?? PASSWORD });
    } else if (names.includes('patient')) at = await browser.submit(at, { patient: wish.patient ?? '1' });
    else if (at.html.includes('name="decision"'))
      at = await browser.submit(at, { decision: wish.decision ?? 'allow' }, wish.ticked);
    else throw new Error(`nothing to do on ${at.url} (${at.status}): ${at.html}`);
  }
  return { config, browser, back: at, checks: { pkceCodeVerifier, expectedState }, pages };
}

/** As `visit`, and the code exchanged for tokens. */
export async function logIn(gateway: Reachable, wish: LoginWish) {
  const visited = await visit(gateway, wish);
  const tokens = await client.authorizationCodeGrant(visited.config, visited.back, visited.checks);
  return { ...visited, tokens };
}

export interface Answer {
  status: number;
  headers: Headers;
  /** Who the gateway takes the caller for. */
  principal?: Principal;
  /** Why it refuses: the code of the first issue. */
  issue?: string;
}

/** What the FHIR path answers to a token. */
export async function whoAmI(gateway: Reachable, token: string): Promise<Answer> {
  const response = await fetch(`${gateway.fhirBase}/metadata`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const { status, headers } = response;
  const body: unknown = await response.json();
  if (status === 200) return { status, headers, principal: body as Principal };
  const [issue] = body as Issue[];
  return { status, headers, ...(issue && { issue: issue.code }) };
}
