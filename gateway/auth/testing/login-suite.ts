import { RESOURCE_TYPES } from '@fhir-fabric-gateway/chaincode/api';
import * as client from 'openid-client';
import { logIn, visit, whoAmI } from './app.ts';
import { Browser } from './browser.ts';
import { LOOPBACK, PASSWORD, type StartGateway, type TestGateway } from './server.ts';

/** Logging in, on a database of each engine. */
export function loginSuite(start: StartGateway): void {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await start();
  });
  afterAll(() => gateway.close());

  const pkce = async (): Promise<Record<string, string>> => ({
    ...{ client_id: 'demo-app', response_type: 'code', redirect_uri: LOOPBACK, state: 'x' },
    code_challenge: await client.calculatePKCECodeChallenge(client.randomPKCECodeVerifier()),
    code_challenge_method: 'S256',
  });

  const PATIENT_SCOPE = 'openid fhirUser launch/patient patient/*.rs';

  describe('a patient logs in to an app', () => {
    test('and the app gets tokens, the patient and who logged in', async () => {
      const { tokens } = await logIn(gateway, { scope: PATIENT_SCOPE });
      expect(tokens.scope?.split(' ').sort()).toEqual(PATIENT_SCOPE.split(' ').sort());
      expect(tokens.patient).toBe('1');
      expect(tokens.claims()).toMatchObject({
        fhirUser: `${gateway.fhirBase}/Patient/1`,
        iss: gateway.baseUrl,
        aud: 'demo-app',
      });
      expect(tokens.expires_in).toBe(3600);
      expect(tokens.refresh_token).toBeUndefined();
    });

    test('and the FHIR API knows who asks', async () => {
      const { tokens } = await logIn(gateway, { scope: PATIENT_SCOPE });
      const { status, principal } = await whoAmI(gateway, tokens.access_token);
      expect(status).toBe(200);
      expect(principal).toMatchObject({
        identity: { mspId: 'HospitalMSP', pseudonym: 'patient' },
        requester: { role: 'patient', person: 'Patient/1' },
        patient: '1',
        launchPatient: '1',
        purpose: 'TREAT',
        client: 'demo-app',
        display: 'The patient',
        scopes: [
          {
            context: 'patient',
            type: '*',
            read: true,
            search: true,
            create: false,
            update: false,
            delete: false,
          },
        ],
      });
      expect(principal?.tokenId).not.toContain(tokens.access_token);
    });

    test('to an app that wants no more than to know who it is, and names no FHIR server', async () => {
      const query = { ...(await pkce()), scope: 'openid fhirUser' };
      const page = await new Browser(gateway.baseUrl).open(
        `${gateway.baseUrl}/oauth/authorize?${String(new URLSearchParams(query))}`,
      );
      expect(page instanceof URL ? page.href : page.form?.inputs[0]?.name).toBe('username');
    });

    test.each([
      ['short', 'openid patient/*.rs'],
      [
        'long',
        `openid ${RESOURCE_TYPES.flatMap((type) => [`patient/${type}.rs`, `patient/${type}.c`]).join(' ')}`,
      ],
    ])('with an authorization request that is posted, %s', async (_case, scope) => {
      const browser = new Browser(gateway.baseUrl);
      const body = new URLSearchParams({ ...(await pkce()), aud: gateway.fhirBase, scope });
      const login = await browser.open(`${gateway.baseUrl}/oauth/authorize`, { method: 'POST', body });
      if (login instanceof URL) throw new Error(`sent away to ${login.href}`);
      const consent = await browser.submit(login, { username: 'patient@demo.example', password: PASSWORD });
      if (consent instanceof URL) throw new Error(`sent away to ${consent.href}`);
      expect(consent.form?.inputs.map(({ value }) => value).sort()).toEqual(scope.split(' ').sort());
      const back = await browser.submit(consent, { decision: 'allow' });
      expect(back instanceof URL && back.searchParams.get('code')).toBeTruthy();
    });

    test('any port of the loopback address will do', async () => {
      const parameters = { redirect_uri: 'http://127.0.0.1:61999/callback' };
      const { back } = await visit(gateway, { scope: PATIENT_SCOPE, parameters });
      expect(back.origin).toBe('http://127.0.0.1:61999');
      expect(back.searchParams.get('code')).toBeTruthy();
    });

    test('an unticked scope is not granted', async () => {
      const scope = 'openid patient/Observation.rs patient/Condition.rs';
      const { tokens } = await logIn(gateway, { scope, ticked: (value) => !value.includes('Condition') });
      expect(tokens.scope).toBe('openid patient/Observation.rs');
      expect((await whoAmI(gateway, tokens.access_token)).principal?.scopes).toHaveLength(1);
    });

    test('what was unticked once is asked for again, and what was granted once too', async () => {
      const first = await logIn(gateway, {
        scope: 'openid patient/Condition.rs',
        ticked: (value) => value === 'openid',
      });
      const again = await visit(gateway, { scope: 'openid patient/Condition.rs', browser: first.browser });
      expect(again.pages).toHaveLength(1);
      expect(again.pages[0]?.form?.inputs.map(({ value }) => value)).toEqual([
        'openid',
        'patient/Condition.rs',
      ]);
    });

    test('nothing ticked is a no', async () => {
      const { back } = await visit(gateway, { scope: PATIENT_SCOPE, ticked: () => false });
      expect(back.searchParams.get('error')).toBe('access_denied');
    });

    test('denying sends the app away', async () => {
      const { back } = await visit(gateway, { scope: PATIENT_SCOPE, decision: 'deny' });
      expect(back.searchParams.get('error')).toBe('access_denied');
      expect(back.searchParams.get('code')).toBeNull();
    });

    test.each([
      ['v1', 'patient/Observation.read', 'patient/*.*', 'patient/Patient.write'],
      [
        'v2 with search parameters',
        'patient/Observation.rs?category=laboratory',
        'patient/Condition.r?code=a%7Cb',
      ],
      [
        'v2 with a system',
        'patient/Observation.rs?category=http://terminology.hl7.org/CodeSystem/observation-category|laboratory',
      ],
    ])('SMART scopes, %s, are granted as they stand', async (_version, ...scopes) => {
      const { tokens } = await logIn(gateway, { scope: scopes.join(' ') });
      expect(tokens.scope?.split(' ').sort()).toEqual([...scopes].sort());
    });

    test('a scope with search parameters is asked for and granted for reading alone', async () => {
      const scope = 'patient/Observation.cruds?category=laboratory patient/Condition.cud?code=a';
      const { tokens, pages } = await logIn(gateway, { scope });
      expect(tokens.scope).toBe('patient/Observation.rs?category=laboratory');
      expect(pages.at(-1)?.form?.inputs.map(({ value }) => value)).toEqual([tokens.scope]);
      expect(pages.at(-1)?.html).not.toMatch(/(add|change|delete) /);
    });

    test('what makes no sense for a patient, or is no scope, is left out', async () => {
      const scope =
        'openid patient/Patient.r system/*.rs patient/Nonsense.rs patient/Observation.rs?unknown=1 banana';
      const { tokens, pages } = await logIn(gateway, { scope });
      expect(tokens.scope).toBe('openid patient/Patient.r');
      expect(pages.at(-1)?.html).not.toContain('Nonsense');
    });

    test('profile tells the name, without it the ID token keeps it', async () => {
      const named = await logIn(gateway, { scope: 'openid profile' });
      expect(named.tokens.claims()).toMatchObject({
        name: 'The patient',
        preferred_username: 'patient@demo.example',
      });
      const nameless = await logIn(gateway, { scope: 'openid' });
      expect(nameless.tokens.claims()).not.toHaveProperty('name');
      expect(nameless.tokens.claims()).not.toHaveProperty('fhirUser');
    });
  });

  describe('a doctor logs in', () => {
    test('to an app that works on what is open to the doctor', async () => {
      const { tokens } = await logIn(gateway, {
        scope: 'openid fhirUser user/*.cruds',
        username: 'Doctor@Demo.example',
      });
      expect(tokens.claims()?.fhirUser).toBe(`${gateway.fhirBase}/Practitioner/2`);
      expect(tokens).not.toHaveProperty('patient');
      const { principal } = await whoAmI(gateway, tokens.access_token);
      expect(principal?.requester).toEqual({
        role: 'doctor',
        person: 'Practitioner/2',
        organization: 'Organization/5',
      });
      expect(principal).not.toHaveProperty('launchPatient');
      expect(principal).not.toHaveProperty('patient');
    });

    test('to an app that works on one patient, and chooses the patient', async () => {
      const wish = {
        scope: 'launch/patient patient/*.rs offline_access',
        username: 'doctor@demo.example',
        patient: '77',
      };
      const { tokens, config, pages } = await logIn(gateway, wish);
      expect(pages.map(({ form }) => form?.inputs[0]?.name)).toEqual(['username', 'patient', 'scope']);
      expect(pages.at(-1)?.html).toContain('the record of patient 77');
      expect(tokens.patient).toBe('77');
      const { principal } = await whoAmI(gateway, tokens.access_token);
      expect(principal?.launchPatient).toBe('77');
      expect(principal).not.toHaveProperty('patient');
      const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '');
      expect(refreshed.patient).toBe('77');
    });

    test('and an id that can be none is asked for again', async () => {
      await expect(
        visit(gateway, { scope: 'launch/patient', username: 'doctor@demo.example', patient: '../Patient' }),
      ).rejects.toThrow('going in circles');
    });
  });

  test('nothing went wrong inside', () => {
    expect(gateway.errors).toEqual([]);
  });
}
