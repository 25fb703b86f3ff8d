import * as oidc from 'openid-client';
import { Browser, formOf } from './browser.ts';
import { Session } from './session.ts';
import { HOSPITAL, LAB, type Target } from './target.ts';

export type PatientName = 'maragret' | 'shannon' | 'clyde' | 'dionne' | 'lashawnda';
export type StaffName = 'doctor' | 'doctor2' | 'lab' | 'hr';

const PASSWORD = 'demo-Passw0rd';
const CLIENT = 'demo-app';
const REDIRECT = 'http://127.0.0.1:43117/callback';
const PATIENT_SCOPES = 'openid fhirUser launch/patient patient/*.cruds offline_access';
const STAFF_SCOPES = 'openid fhirUser user/*.cruds';

/** What a login came to. */
export interface Login {
  session: Session;
  tokens: oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers;
  configuration: oidc.Configuration;
}

export interface LoginOptions {
  scope: string;
  /** Which of the scopes on the authorisation page stay ticked. */
  tick?: (scope: string) => boolean;
  password?: string;
  /** The gateway where the account is; the hospital's by default. */
  target?: Target;
}

/** Discovery, authorization code with PKCE, the two pages, and the code for tokens. Throws what the app is told instead. */
export async function logIn(
  username: string,
  { scope, tick = () => true, password = PASSWORD, target = HOSPITAL }: LoginOptions,
): Promise<Login> {
  const configuration = await oidc.discovery(new URL(target.baseUrl), CLIENT, undefined, oidc.None(), {
    execute: [oidc.allowInsecureRequests],
  });
  const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
  const expectedState = oidc.randomState();
  const expectedNonce = oidc.randomNonce();
  const url = oidc.buildAuthorizationUrl(configuration, {
    redirect_uri: REDIRECT,
    scope,
    aud: target.fhirBase,
    state: expectedState,
    nonce: expectedNonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    ...(scope.includes('offline_access') && { prompt: 'consent' }),
  });
  const callback = await throughThePages(url, username, password, tick);
  const tokens = await oidc.authorizationCodeGrant(configuration, callback, {
    pkceCodeVerifier,
    expectedState,
    expectedNonce,
    idTokenExpected: scope.split(' ').includes('openid'),
  });
  const claimed = tokens.claims()?.['fhirUser'];
  const fhirUser = typeof claimed === 'string' ? claimed.split('/').slice(-2).join('/') : '';
  return { session: new Session(tokens.access_token, fhirUser, target), tokens, configuration };
}

async function throughThePages(
  url: URL,
  username: string,
  password: string,
  tick: (scope: string) => boolean,
): Promise<URL> {
  const browser = new Browser();
  const login = await browser.open(url.href, REDIRECT);
  if ('arrived' in login) return login.arrived;
  const filled = [
    ['username', username],
    ['password', password],
  ] as const;
  const authorise = await browser.submit(formOf(login, 'username', 'password'), filled, REDIRECT);
  if ('arrived' in authorise) return authorise.arrived;
  const form = formOf(authorise, 'scope', 'decision');
  const ticked = form.inputs.filter(
    ({ name, type, value }) => name === 'scope' && type === 'checkbox' && tick(value),
  );
  const scopes = ticked.map(({ value }) => ['scope', value] as const);
  const back = await browser.submit(form, [...scopes, ['decision', 'allow']], REDIRECT);
  if ('arrived' in back) return back.arrived;
  throw new Error(`still on a page: ${back.html.slice(0, 500)}`);
}

/** A demo patient in an app that may do with the own record what the patient may. */
export async function patientSession(name: PatientName): Promise<Session & { patient: string }> {
  const { session, tokens } = await logIn(`${name}@demo.example`, { scope: PATIENT_SCOPES });
  if (typeof tokens['patient'] !== 'string') throw new Error('the token response has no patient');
  return Object.assign(session, { patient: tokens['patient'] });
}

/** A demo doctor, radiographer or HR in an app that may do what they may, at their organisation's gateway. */
export async function staffSession(name: StaffName): Promise<Session> {
  const target = name === 'lab' ? LAB : HOSPITAL;
  const { session } = await logIn(`${name}@demo.example`, { scope: STAFF_SCOPES, target });
  return session;
}
