import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { logIn, visit } from '../auth/testing/app.ts';
import { BackendClient } from '../demo/backend-client.ts';
import { install, type Installation, type Outcome } from './testing/installation.ts';

const keyFolder = mkdtempSync(join(tmpdir(), 'keys-'));
const at = (name: string): string => join(keyFolder, name);
let hospital: Installation;
let privateKey: JWK;
let stop: (() => Promise<void>) | undefined;

beforeAll(async () => {
  hospital = await install();
  const keys = await generateKeyPair('ES384', { extractable: true });
  privateKey = { ...(await exportJWK(keys.privateKey)), kid: 'one' };
  const shown = { ...(await exportJWK(keys.publicKey)), kid: 'one', alg: 'ES384', use: 'sig' };
  writeFileSync(at('public.json'), JSON.stringify({ keys: [shown] }));
  writeFileSync(at('private.json'), JSON.stringify({ keys: [privateKey] }));
  const small = await generateKeyPair('ES256', { extractable: true });
  writeFileSync(
    at('small.json'),
    JSON.stringify({ keys: [{ ...(await exportJWK(small.publicKey)), kid: 'x' }] }),
  );
});
afterAll(async () => {
  await stop?.();
  hospital.remove();
  rmSync(keyFolder, { recursive: true });
});

const SCOPE = 'openid fhirUser launch/patient offline_access patient/*.cruds user/*.cruds';
const DOCTOR = 'doctor@hospital.example';
const PATIENT = 'patient@hospital.example';
const account = (...args: string[]): Outcome => hospital.run('account', args);
const client = (...args: string[]): Outcome => hospital.run('client', args);
const person = (role: string, username: string, ...more: string[]): string[] => [
  ...['create', '--role', role, '--organisation', 'HospitalMSP', '--username', username],
  ...['--given', 'Grace', '--family', 'Hopper', ...more],
];
const system = (id: string, ...more: string[]): string[] => [
  ...[
    'create',
    '--id',
    id,
    '--name',
    'The system',
    '--organisation',
    'HospitalMSP',
    '--role',
    'system',
    ...more,
  ],
];
const app = (id: string, ...more: string[]): string[] => ['create', '--id', id, '--name', 'The app', ...more];
const line = ({ said }: Outcome, name: string): string =>
  new RegExp(`^${name} (.+)$`, 'm').exec(said)?.[1] ?? '';

async function read(token: string, path: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`${hospital.fhirBase}${path}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe('what makes no sense is told before anything is touched', () => {
  test.each<[string, string[]]>([
    ['account', []],
    ['account', ['create', '--colour', 'red']],
    ['account', person('patient', PATIENT)],
    ['client', ['remove']],
    ['client', system('x')],
  ])('%s %j', (command, args) => {
    const { code, said, wrong } = hospital.run(command, args);
    expect({ code, said }).toEqual({ code: 2, said: '' });
    expect(wrong).toContain(`npm run ${command} -- `);
    expect(existsSync(join(hospital.dataDir, 'ledger.db'))).toBe(false);
  });

  test('and so is what is missing in the environment', () => {
    const none = { ORGANISATIONS: '', MASTER_SECRET: '' };
    const { code, wrong } = hospital.run('account', ['list'], '', none);
    expect(code).toBe(1);
    expect(wrong).toContain('MASTER_SECRET is missing');
    expect(wrong).not.toMatch(/^\s+at /m);
  });
});

test('an empty installation gets a system, an app and a doctor, who then use it', async () => {
  expect(client(...system('hospital-system', '--jwks', at('public.json')))).toEqual({
    ...{ code: 0, said: 'client hospital-system\n', wrong: '' },
  });
  const redirect = ['--public', '--redirect', 'http://127.0.0.1/callback', '--scope', SCOPE];
  expect(client(...app('chart', ...redirect))).toMatchObject({ code: 0, said: 'client chart\n' });
  const doctor = account(...person('doctor', DOCTOR));
  expect(doctor).toMatchObject({ code: 0, wrong: '' });
  stop = await hospital.start();

  expect(account('list')).toMatchObject({
    code: 1,
    said: '',
    wrong: expect.stringContaining('stop it first'),
  });
  const { id } = await new BackendClient(hospital.baseUrl, 'hospital-system', privateKey).fhir<{
    id: string;
  }>(...(['POST', '/Patient', { resourceType: 'Patient', name: [{ family: 'Lovelace' }] }] as const));
  const wish = { clientId: 'chart', scope: 'openid fhirUser user/*.rs', username: DOCTOR };
  const { tokens } = await logIn(hospital, { ...wish, password: line(doctor, 'password') });
  expect(tokens.claims()?.fhirUser).toBe(`${hospital.fhirBase}/${line(doctor, 'person')}`);
  const self = await read(tokens.access_token, `/${line(doctor, 'person')}`);
  expect(self.body).toMatchObject({ name: [{ family: 'Hopper', given: ['Grace'] }] });
  const places = await read(tokens.access_token, `/PractitionerRole?practitioner=${line(doctor, 'person')}`);
  expect(places.body).toMatchObject({
    entry: [
      { resource: { organization: { reference: 'Organization/hospital' }, code: [{ text: 'Doctor' }] } },
    ],
  });
  await stop();

  const patient = account(...person('patient', PATIENT, '--patient', id));
  expect(patient).toMatchObject({ code: 0, wrong: '' });
  expect(account('disable', '--username', DOCTOR)).toMatchObject({ code: 0 });
  stop = await hospital.start();
  const own = await logIn(hospital, {
    ...{ clientId: 'chart', scope: SCOPE, username: PATIENT, password: line(patient, 'password') },
  });
  expect((await read(own.tokens.access_token, `/Patient/${id}`)).body).toMatchObject({ id });
  await expect(visit(hospital, { ...wish, password: line(doctor, 'password') })).rejects.toThrow(
    'going in circles',
  );
  await stop();
  stop = undefined;
}, 900_000);

describe('afterwards', () => {
  test('list says who there is', () => {
    expect(account('list').said.split('\n').slice(0, 2)).toEqual([
      expect.stringMatching(/^doctor@hospital.example\tdoctor\tHospitalMSP\tPractitioner\/[\w-]+\tdisabled$/),
      expect.stringMatching(/^patient@hospital.example\tpatient\tHospitalMSP\tPatient\/[\w-]+\tactive$/),
    ]);
    expect(client('list').said.split('\n').slice(0, 2)).toEqual([
      `chart\tpublic app\t-\tactive\t${SCOPE}`,
      'hospital-system\tsystem\tHospitalMSP\tactive\tsystem/*.cruds',
    ]);
  });

  test('a doctor who is let in again has a new password, and needs no second Practitioner', async () => {
    expect(account('enable', '--username', DOCTOR)).toMatchObject({ code: 0 });
    const reset = ['reset-password', '--username', DOCTOR, '--password-stdin'];
    expect(hospital.run('account', reset, 'a new Passw0rd\n').said).toBe(`account ${DOCTOR}\n`);
    stop = await hospital.start();
    const wish = {
      clientId: 'chart',
      scope: 'openid user/*.rs',
      username: DOCTOR,
      password: 'a new Passw0rd',
    };
    expect((await logIn(hospital, wish)).tokens.access_token).toBeTruthy();
    await stop();
    stop = undefined;
    const id = account('list').said.match(/Practitioner\/(\S+)/)?.[1] ?? '';
    expect(account(...person('hr', 'second@hospital.example', '--practitioner', id)).said).toContain(
      `person Practitioner/${id}\n`,
    );
  }, 900_000);

  test('a system that is disabled gets no token until it is let in again', async () => {
    expect(client('disable', '--id', 'hospital-system')).toMatchObject({ code: 0 });
    expect(client('list').said).toContain('hospital-system\tsystem\tHospitalMSP\tdisabled');
    expect(client('enable', '--id', 'hospital-system')).toMatchObject({ code: 0 });
    stop = await hospital.start();
    const metadata = await new BackendClient(hospital.baseUrl, 'hospital-system', privateKey).fhir<{
      id: string;
    }>(...(['GET', '/Organization/hospital'] as const));
    expect(metadata.id).toBe('hospital');
    await stop();
    stop = undefined;
  }, 900_000);
});

describe('what can’t be done is told, and changes nothing:', () => {
  let before: string[];
  const all = (): string[] => [account('list').said, client('list').said];
  beforeAll(() => {
    before = all();
  });

  const [someone, elsewhere] = ['someone@hospital.example', ['--organisation', 'LabMSP']];
  test.each<[string, string, () => string[], string]>([
    ['a name that is taken', 'account', () => person('doctor', DOCTOR), 'has an account already'],
    ['no e-mail address', 'account', () => person('doctor', 'someone'), 'is an e-mail address'],
    [
      'a short password',
      'account',
      () => person('doctor', someone, '--password-stdin'),
      'A password has 10 to 256 characters.',
    ],
    [
      'an organisation that is none of ours',
      'account',
      () => person('doctor', someone, '--organisation', 'OtherMSP'),
      'OtherMSP is none of the organisations of this gateway: HospitalMSP, LabMSP.',
    ],
    [
      'a patient without a record',
      'account',
      () => person('patient', someone, '--patient', 'nobody'),
      'There is no record of Patient/nobody here.',
    ],
    [
      'a patient of another organisation',
      'account',
      () =>
        person(
          'patient',
          someone,
          '--patient',
          /Patient\/(\S+)/.exec(before[0] ?? '')?.[1] ?? '',
          ...elsewhere,
        ),
      'is kept by HospitalMSP',
    ],
    [
      'a patient who has an account',
      'account',
      () => person('patient', someone, '--patient', /Patient\/(\S+)/.exec(before[0] ?? '')?.[1] ?? ''),
      'has an identity on the ledger already',
    ],
    [
      'a Practitioner who is not there',
      'account',
      () => person('doctor', someone, '--practitioner', 'nobody'),
      'There is no Practitioner/nobody here.',
    ],
    ['nobody to disable', 'account', () => ['disable', '--username', someone], 'There is no account someone'],
    [
      'an id that is taken',
      'client',
      () => system('chart', '--jwks', at('public.json')),
      'a client of this id',
    ],
    ['a private key', 'client', () => system('x', '--jwks', at('private.json')), 'is a private key'],
    ['a key of another kind', 'client', () => system('x', '--jwks', at('small.json')), 'neither for ES384'],
    ['no file', 'client', () => system('x', '--jwks', at('nowhere.json')), "can't be read"],
    [
      'a redirect that is none',
      'client',
      () => app('x', '--public', '--redirect', 'nowhere', '--scope', 'openid'),
      "nowhere can't be sent back to.",
    ],
    ['nothing to disable', 'client', () => ['disable', '--id', 'x'], 'There is no client x.'],
  ])('%s is refused', (_case, command, args, why) => {
    const { code, said, wrong } = hospital.run(command, args(), 'short\n');
    expect({ code, said }).toEqual({ code: 1, said: '' });
    expect(wrong).toContain(why);
    expect(wrong).not.toMatch(/^\s+at /m);
  });

  test('after all of that, there is who there was', () => {
    expect(all()).toEqual(before);
  });

  test('another secret opens nothing', () => {
    const { code, wrong } = hospital.run('account', ['list'], '', { MASTER_SECRET: 'x'.repeat(32) });
    expect(code).toBe(1);
    expect(wrong).not.toMatch(/^\s+at /m);
  });
});
