import type { Auth } from '../auth/index.ts';
import type { OrganisationSettings } from '../organisations.ts';
import { register } from '../setup/register.ts';
import type { Storage } from '../storage/client.ts';
import type { BackendClient } from './backend-client.ts';
import { DEMO_PASSWORD, type DemoStaff } from './people.ts';

/** Somebody who works at an organisation: in its directory, through its system, and with an account. */
export async function seedStaff(
  { username, role, mspId, practitioner, work }: DemoStaff,
  { organization, name }: OrganisationSettings,
  client: BackendClient,
  { storage, auth }: { storage: Pick<Storage, 'ledger' | 'enroll'>; auth: Pick<Auth, 'accounts'> },
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
