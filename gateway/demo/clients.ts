import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import type { Auth } from '../auth/index.ts';
import type { OrganisationSettings } from '../config.ts';
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

/**
 * Registers the demo's clients; private keys of those that have some go to `<DATA_DIR>/clients/<id>.jwks.json`.
 * Answers the private keys by client id.
 */
export async function createDemoClients(
  auth: Pick<Auth, 'clients'>,
  organisations: readonly OrganisationSettings[],
  dataDir: string,
  storage: Pick<Storage, 'ledger' | 'enroll'>,
): Promise<Map<string, JWK>> {
  await auth.clients.create({
    id: 'demo-app',
    name: 'Demo app',
    redirectUris: ['http://127.0.0.1/callback'],
    scopes: APP_SCOPES,
  });
  const folder = join(dataDir, 'clients');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const keys = new Map<string, JWK>();
  for (const { id, name, role, organisation } of BACKENDS) {
    const owner = organisations[organisation];
    if (!owner) throw new RangeError(`the demo needs ${organisation + 1} organisations`);
    const { publicKey, privateKey } = await generateKeyPair('ES384', { extractable: true });
    const kid = `${id}-1`;
    const own: JWK = { ...(await exportJWK(privateKey)), kid, alg: 'ES384', use: 'sig' };
    const shown: JWK = { ...(await exportJWK(publicKey)), kid, alg: 'ES384', use: 'sig' };
    writeFileSync(join(folder, `${id}.jwks.json`), `${JSON.stringify({ keys: [own] }, null, 2)}\n`, {
      mode: 0o600,
    });
    const identity = await register({ mspId: owner.mspId, role }, storage);
    await auth.clients.create({
      id,
      name,
      scopes: ['system/*.cruds'],
      jwks: { keys: [shown] },
      backend: { role, identity, organization: `Organization/${owner.organization}` },
    });
    keys.set(id, own);
  }
  return keys;
}
