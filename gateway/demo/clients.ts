import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import type { Auth } from '../auth/index.ts';
import type { OrganisationSettings } from '../organisations.ts';
import { register } from '../setup/register.ts';
import type { Storage } from '../storage/client.ts';

const BACKENDS = [
  { id: 'hospital-system', name: "The hospital's information system", role: 'system', organisation: 0 },
  { id: 'lab-system', name: "The lab's information system", role: 'system', organisation: 1 },
  { id: 'research-system', name: "The hospital's research platform", role: 'researcher', organisation: 0 },
] as const;

const APP_SCOPES = [
  'openid',
  'fhirUser',
  'profile',
  'launch/patient',
  'offline_access',
  'online_access',
  'patient/*.cruds',
  'user/*.cruds',
];

/** The client id of the information system of an organisation, by the organisation's place in the list. */
export function systemOf(place: number): string {
  const found = BACKENDS.find(({ organisation, role }) => organisation === place && role === 'system');
  if (!found) throw new RangeError(`the demo has no system for organisation ${place + 1}`);
  return found.id;
}

/** The app that the demo's people use. Rejects when it is there already. */
export async function createDemoApp(auth: Pick<Auth, 'clients'>): Promise<void> {
  await auth.clients.create({
    id: 'demo-app',
    name: 'Demo app',
    redirectUris: ['http://127.0.0.1/callback'],
    scopes: APP_SCOPES,
  });
}

/**
 * Registers an organisation's systems; their private keys go to `<DATA_DIR>/clients/<id>.jwks.json`. Answers the private
 * keys by client id.
 */
export async function createDemoSystems(
  auth: Pick<Auth, 'clients'>,
  { mspId, organization }: OrganisationSettings,
  place: number,
  dataDir: string,
  storage: Pick<Storage, 'ledger' | 'enroll'>,
): Promise<Map<string, JWK>> {
  const folder = join(dataDir, 'clients');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const keys = new Map<string, JWK>();
  for (const { id, name, role } of BACKENDS.filter(({ organisation }) => organisation === place)) {
    const { publicKey, privateKey } = await generateKeyPair('ES384', { extractable: true });
    const kid = `${id}-1`;
    const own: JWK = { ...(await exportJWK(privateKey)), kid, alg: 'ES384', use: 'sig' };
    const shown: JWK = { ...(await exportJWK(publicKey)), kid, alg: 'ES384', use: 'sig' };
    writeFileSync(join(folder, `${id}.jwks.json`), `${JSON.stringify({ keys: [own] }, null, 2)}\n`, {
      mode: 0o600,
    });
    const identity = await register({ mspId, role }, storage);
    await auth.clients.create({
      id,
      name,
      scopes: ['system/*.cruds'],
      jwks: { keys: [shown] },
      backend: { role, identity, organization: `Organization/${organization}` },
    });
    keys.set(id, own);
  }
  return keys;
}
