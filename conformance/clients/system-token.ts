import { readFileSync } from 'node:fs';
import { importJWK, type JWK } from 'jose';
import * as oauth from 'openid-client';

/**
 * A system's access token by SMART Backend Services: client credentials with a signed assertion. `keyFile` is a JWK Set
 * whose first private key is the system's. https://hl7.org/fhir/smart-app-launch/backend-services.html
 */
export async function systemToken(
  baseUrl: string,
  clientId: string,
  keyFile: string,
  scope: string,
): Promise<string> {
  const { keys } = JSON.parse(readFileSync(keyFile, 'utf8')) as { keys: JWK[] };
  const [jwk] = keys;
  if (!jwk) throw new Error(`${clientId} has no key`);
  const key = await importJWK(jwk, 'ES384');
  if (key instanceof Uint8Array) throw new TypeError(`the key of ${clientId} is a secret`);
  const authentication = oauth.PrivateKeyJwt({ key, ...(jwk.kid !== undefined && { kid: jwk.kid }) });
  const configuration = await oauth.discovery(new URL(baseUrl), clientId, undefined, authentication, {
    execute: [oauth.allowInsecureRequests],
  });
  const { access_token } = await oauth.clientCredentialsGrant(configuration, { scope });
  return access_token;
}
