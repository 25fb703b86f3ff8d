import * as oidc from 'openid-client';
import { send, outcomeOf } from '../clients/answer.ts';
import { systemSession } from '../clients/backend.ts';
import { heartRate } from '../clients/clinical.ts';
import { logIn } from '../clients/login.ts';
import { Session } from '../clients/session.ts';
import { BASE_URL, FHIR_BASE } from '../clients/target.ts';

/** An app on its way to a token, and what the token is good for. Reads only. */
const SHANNON = 'shannon@demo.example';

test('an app finds its way from the FHIR base alone', async () => {
  const answer = await send(`${FHIR_BASE}/.well-known/smart-configuration`);
  const configuration = JSON.parse(answer.text) as Record<string, unknown>;
  const discovered = JSON.parse((await send(`${BASE_URL}/.well-known/openid-configuration`)).text) as Record<
    string,
    unknown
  >;
  for (const name of ['authorization_endpoint', 'token_endpoint', 'jwks_uri', 'issuer']) {
    expect([name, configuration[name]]).toEqual([name, discovered[name]]);
  }
  expect(configuration['capabilities']).toEqual(
    expect.arrayContaining(['launch-standalone', 'client-confidential-asymmetric', 'permission-v2']),
  );
  expect(configuration['code_challenge_methods_supported']).toEqual(['S256']);
});

test('a patient logs in: the app learns who, and whose record', async () => {
  const { session, tokens } = await logIn(SHANNON, { scope: 'openid fhirUser launch/patient patient/*.rs' });
  expect(session.fhirUser).toBe(`Patient/${String(tokens['patient'])}`);
  expect((await session.get(session.fhirUser)).status).toBe(200);
});

test('a wrong password leads nowhere', async () => {
  await expect(logIn(SHANNON, { scope: 'openid patient/*.rs', password: 'wrong' })).rejects.toThrow(
    'no form',
  );
});

test('what the patient unticks the app does not get', async () => {
  const { session, tokens } = await logIn(SHANNON, {
    scope: 'openid fhirUser launch/patient patient/Condition.rs patient/Observation.rs',
    tick: (scope) => !scope.includes('Observation'),
  });
  expect(tokens.scope).not.toContain('Observation');
  expect((await session.get('Condition?_count=1')).status).toBe(200);
  const refused = await session.get('Observation?_count=1');
  expect([refused.status, refused.headers.get('www-authenticate') ?? '']).toEqual([
    403,
    expect.stringContaining('insufficient_scope'),
  ]);
  expect(outcomeOf(refused).issue[0]?.code).toBe('forbidden');
});

test.each([
  ['SMART v1', 'patient/Condition.read'],
  ['SMART v2', 'patient/Condition.rs'],
])('scopes of %s confine every interaction', async (_version, resource) => {
  const { session } = await logIn(SHANNON, { scope: `openid fhirUser launch/patient ${resource}` });
  const [condition] = await session.find('Condition?_count=1');
  expect((await session.get(`Condition/${condition?.id}`)).status).toBe(200);
  const patient = session.fhirUser.split('/')[1] ?? '';
  const answers = await Promise.all([
    session.get('Observation'),
    session.get(`Patient/${patient}`),
    session.get(`Patient/${patient}/$everything`),
    session.request('PUT', `Condition/${condition?.id}`, condition),
    session.request('DELETE', `Condition/${condition?.id}`),
    session.request('POST', 'Observation', heartRate(patient, 60)),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403, 403]);
  const along = await session.find(
    'Condition?_count=5&_include=Condition:encounter&_include=Condition:patient',
  );
  expect(new Set(along.map(({ resourceType }) => resourceType))).toEqual(new Set(['Condition']));
});

test('an app stays logged in by its refresh token, until the token is revoked', async () => {
  const { session, tokens, configuration } = await logIn(SHANNON, {
    scope: 'openid fhirUser launch/patient patient/*.rs offline_access',
  });
  const renewed = await oidc.refreshTokenGrant(configuration, tokens.refresh_token ?? '');
  const later = new Session(renewed.access_token);
  expect((await later.get(session.fhirUser)).status).toBe(200);
  await oidc.tokenRevocation(configuration, renewed.access_token);
  expect((await later.get(session.fhirUser)).status).toBe(401);
  await oidc.tokenRevocation(configuration, renewed.refresh_token ?? '');
  await expect(oidc.refreshTokenGrant(configuration, renewed.refresh_token ?? '')).rejects.toThrow();
});

test('a system gets what it asks for of its scopes, and no more', async () => {
  const narrow = await systemSession('hospital-system', 'system/Practitioner.rs');
  expect((await narrow.get('Practitioner?_count=1')).status).toBe(200);
  expect((await narrow.get('Condition?_count=1')).status).toBe(403);
  expect((await narrow.request('POST', 'Patient', { resourceType: 'Patient' })).status).toBe(403);
});

test('a researcher reads nobody’s record', async () => {
  const research = await systemSession('research-system');
  expect((await research.get('Condition?_count=1')).status).toBe(403);
  expect((await research.get('Patient?_count=1')).status).toBe(403);
});
