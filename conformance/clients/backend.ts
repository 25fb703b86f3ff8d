import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importJWK, type JWK } from 'jose';
import * as oauth from 'openid-client';
import { Session } from './session.ts';
import { BASE_URL, DATA_DIR } from './target.ts';

export type SystemName = 'hospital-system' | 'lab-system' | 'research-system';

/**
 * A system's token by SMART Backend Services: client credentials with a signed assertion, its key from the demo's
 * folder. https://hl7.org/fhir/smart-app-launch/backend-services.html
 */
export async function systemSession(name: SystemName, scope = 'system/*.cruds'): Promise<Session> {
  const { keys } = JSON.parse(readFileSync(join(DATA_DIR, 'clients', `${name}.jwks.json`), 'utf8')) as {
    keys: JWK[];
  };
  const [jwk] = keys;
  if (!jwk) throw new Error(`${name} has no key`);
  const key = await importJWK(jwk, 'ES384');
  if (key instanceof Uint8Array) throw new TypeError(`the key of ${name} is a secret`);
  const authentication = oauth.PrivateKeyJwt({ key, ...(jwk.kid !== undefined && { kid: jwk.kid }) });
  const configuration = await oauth.discovery(new URL(BASE_URL), name, undefined, authentication, {
    execute: [oauth.allowInsecureRequests],
  });
  const { access_token } = await oauth.clientCredentialsGrant(configuration, { scope });
  return new Session(access_token);
}
