import { CLIENT_ALGORITHMS, ROUTES } from './endpoints.ts';
import { CONTEXT_SCOPES } from './granting.ts';

/** `.well-known/smart-configuration` of the FHIR base. https://hl7.org/fhir/smart-app-launch/conformance.html */
export function smartConfiguration(baseUrl: string): Record<string, string | readonly string[]> {
  return {
    issuer: baseUrl,
    jwks_uri: baseUrl + ROUTES.jwks,
    authorization_endpoint: baseUrl + ROUTES.authorization,
    token_endpoint: baseUrl + ROUTES.token,
    introspection_endpoint: baseUrl + ROUTES.introspection,
    revocation_endpoint: baseUrl + ROUTES.revocation,
    token_endpoint_auth_methods_supported: ['none', 'private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: CLIENT_ALGORITHMS,
    grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
    response_types_supported: ['code'],
    code_challenge_methods_supported: ['S256'],
    scopes_supported: [
      ...CONTEXT_SCOPES,
      ...['patient', 'user', 'system'].flatMap((context) => [`${context}/*.cruds`, `${context}/*.*`]),
    ],
    capabilities: [
      'launch-standalone',
      'authorize-post',
      'client-public',
      'client-confidential-asymmetric',
      'context-standalone-patient',
      'sso-openid-connect',
      'permission-offline',
      'permission-online',
      'permission-patient',
      'permission-user',
      'permission-v1',
      'permission-v2',
    ],
  };
}
