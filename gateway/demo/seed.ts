import { readFileSync } from 'node:fs';
import type { JWK } from 'jose';
import type { Logger } from 'pino';
import type { Auth } from '../auth/index.ts';
import type { Config, OrganisationSettings } from '../config.ts';
import type { Resource } from '../fhir/resource.ts';
import { register } from '../setup/register.ts';
import type { Storage } from '../storage/client.ts';
import { BackendClient } from './backend-client.ts';
import { createDemoClients } from './clients.ts';
import { DEMO_PASSWORD, DEMO_PATIENTS, DEMO_STAFF, type DemoStaff } from './people.ts';

export interface SeedDeps {
  config: Config;
  storage: Pick<Storage, 'ledger' | 'enroll'>;
  auth: Pick<Auth, 'accounts' | 'clients'>;
  log: Logger;
}

interface Bundle {
  entry: { response: { status: string; location?: string; outcome?: unknown } }[];
}

const FIXTURES = new URL('../../fixtures/synthea/', import.meta.url);
const fixture = (name: string) =>
  JSON.parse(readFileSync(new URL(`${name}.json`, FIXTURES), 'utf8')) as Resource;

/** The last account that is made: once it is there, the demo is whole. */
const LAST = `${DEMO_PATIENTS[DEMO_PATIENTS.length - 1] ?? ''}@demo.example`;

/**
 * Fills an empty data folder: clients, then the hospital's directory and patients through the public FHIR API as its
 * system would send them, then the people. Does nothing when it was done; throws when it was interrupted half-way.
 */
export async function seedDemo({ config, storage, auth, log }: SeedDeps): Promise<void> {
  if (auth.accounts.findByUsername(LAST)) return;
  if (auth.clients.get('demo-app')) {
    throw new Error(
      `The demo in ${config.dataDir} was interrupted while it was filled: delete that folder and start again.`,
    );
  }
  log.info('filling the demo');
  const { organisations, baseUrl } = config;
  const keys = await createDemoClients(auth, organisations, config.dataDir, storage);
  const system = (id: string) => new BackendClient(baseUrl, id, keys.get(id) as JWK);
  const systems = [system('hospital-system'), system('lab-system')];
  const [hospital] = systems;
  if (!hospital) throw new RangeError('the demo needs a hospital');

  for (const name of ['hospitals', 'practitioners'])
    assertTaken(await hospital.fhir<Bundle>('POST', '', fixture(name)));
  for (const staff of DEMO_STAFF) {
    const at = organisations.findIndex(({ mspId }) => mspId === staff.mspId);
    const organisation = organisations[at];
    const client = systems[at];
    if (!organisation || !client) throw new RangeError(`no organisation ${staff.mspId}`);
    await seedStaff(staff, organisation, client, { storage, auth });
  }
  for (const name of DEMO_PATIENTS) {
    const answer = await hospital.fhir<Bundle>('POST', '', fixture(`patient-${name}`));
    const id = answer.entry
      .map(({ response }) => /\/Patient\/([^/]+)/.exec(response.location ?? '')?.[1])
      .find(Boolean);
    if (id === undefined) throw new Error(`no Patient came of ${name}`);
    await seedPatient(name, id, hospital, organisations[0] as OrganisationSettings, { storage, auth });
    log.info({ name }, 'loaded a patient');
  }
}

function assertTaken({ entry }: Bundle): void {
  const refused = entry.find(({ response }) => !response.status.startsWith('2'));
  if (refused) throw new Error(`the directory was refused: ${JSON.stringify(refused)}`);
}

async function seedStaff(
  { username, role, mspId, practitioner, work }: DemoStaff,
  { organization, name }: OrganisationSettings,
  client: BackendClient,
  { storage, auth }: Pick<SeedDeps, 'storage' | 'auth'>,
): Promise<void> {
  const { given, family, prefix } = practitioner;
  const { id } = await client.fhir<{ id: string }>('POST', '/Practitioner', {
    resourceType: 'Practitioner',
    active: true,
    name: [{ family, given: [given], ...(prefix !== undefined && { prefix: [prefix] }) }],
    telecom: [{ system: 'email', value: username, use: 'work' }],
  });
  await client.fhir('POST', '/PractitionerRole', {
    resourceType: 'PractitionerRole',
    active: true,
    practitioner: { reference: `Practitioner/${id}` },
    organization: { reference: `Organization/${organization}`, display: name },
    code: [
      {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/practitioner-role', code: work.code }],
        text: work.display,
      },
    ],
  });
  const fhirUser = `Practitioner/${id}`;
  await auth.accounts.create({
    username,
    password: DEMO_PASSWORD,
    role,
    identity: await register({ mspId, role, fhirUser }, storage),
    fhirUser,
    organization: `Organization/${organization}`,
    display: [prefix, given, family].filter(Boolean).join(' '),
    given,
    family,
  });
}

async function seedPatient(
  name: string,
  id: string,
  hospital: BackendClient,
  { mspId }: OrganisationSettings,
  { storage, auth }: Pick<SeedDeps, 'storage' | 'auth'>,
): Promise<void> {
  const patient = await hospital.fhir<{ name: { given: string[]; family: string }[]; birthDate?: string }>(
    'GET',
    `/Patient/${id}`,
  );
  const [{ given: [given = name] = [], family = '' } = {}] = patient.name;
  const fhirUser = `Patient/${id}`;
  await auth.accounts.create({
    username: `${name}@demo.example`,
    password: DEMO_PASSWORD,
    role: 'patient',
    identity: await register({ mspId, role: 'patient', fhirUser }, storage),
    fhirUser,
    display: `${given} ${family}`,
    given,
    family,
    ...(patient.birthDate !== undefined && { birthday: patient.birthDate }),
  });
}
