import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import type { Auth } from '../auth/index.ts';
import type { JsonObject, Resource } from '../fhir/resource.ts';
import type { OrganisationSettings } from '../organisations.ts';
import { register } from '../setup/register.ts';
import type { Storage } from '../storage/client.ts';
import type { BackendClient } from './backend-client.ts';
import { DEMO_PASSWORD } from './people.ts';

interface Bundle {
  /** None when the ledger has it and the index does not show it yet (202). */
  entry?: {
    resource?: { id: string };
    response?: { status: string; location?: string };
  }[];
}

const FIXTURES = new URL('../../fixtures/synthea/', import.meta.url);
const fixture = (name: string) =>
  JSON.parse(readFileSync(new URL(`${name}.json`, FIXTURES), 'utf8')) as Resource;

const LOOK_EVERY = 1000;

/** The hospitals and the people that the patients' records refer to. */
export async function loadDirectory(hospital: BackendClient): Promise<void> {
  for (const name of ['hospitals', 'practitioners']) {
    const { entry = [] } = await hospital.fhir<Bundle>('POST', '', fixture(name));
    const refused = entry.findIndex(({ response }) => !response?.status.startsWith('2'));
    if (refused >= 0) throw new Error(`entry ${refused} of ${name} was refused`);
  }
}

/** A patient's record, as the hospital's system exports it, and the patient's account. */
export async function loadPatient(
  name: string,
  { mspId }: OrganisationSettings,
  hospital: BackendClient,
  { storage, auth }: { storage: Pick<Storage, 'ledger' | 'enroll'>; auth: Pick<Auth, 'accounts'> },
): Promise<void> {
  const id = await post(fixture(`patient-${name}`), hospital);
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

/** Posts the export as one transaction; answers the Patient's id. */
async function post(bundle: Resource, hospital: BackendClient): Promise<string> {
  const { entry } = await hospital.fhir<Bundle>('POST', '', bundle);
  if (!entry) return foundLater(bundle, hospital);
  const id = entry
    .map(({ response }) => /\/Patient\/([^/]+)/.exec(response?.location ?? '')?.[1])
    .find(Boolean);
  if (id === undefined) throw new Error('the transaction made no Patient');
  return id;
}

/** The id of a Patient that is committed, and that the index will show soon. */
async function foundLater(bundle: Resource, hospital: BackendClient): Promise<string> {
  const resources = (bundle['entry'] as { resource: JsonObject }[]).map(({ resource }) => resource);
  const patient = resources.find(({ resourceType }) => resourceType === 'Patient');
  const [identifier] = (patient?.['identifier'] ?? []) as { system: string; value: string }[];
  const query = `/Patient?identifier=${encodeURIComponent(`${identifier?.system}|${identifier?.value}`)}`;
  for (;;) {
    const [found] = (await hospital.fhir<Bundle>('GET', query)).entry ?? [];
    if (found?.resource) return found.resource.id;
    await setTimeout(LOOK_EVERY);
  }
}
