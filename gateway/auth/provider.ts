import Provider, {
  errors,
  type Configuration,
  type KoaContextWithOIDC,
  type ResourceServer,
} from 'oidc-provider';
import type { AccountStore } from './accounts.ts';
import type { ClientStore } from './clients.ts';
import { asksForRecords, narrow, sensibleFor, CONTEXT_SCOPES, type KnowsParameter } from './granting.ts';
import { gatewayPolicy } from './interaction-policy.ts';
import { allowNarrowing } from './refresh-narrowing.ts';
import { stateAdapter } from './state-adapter.ts';
import type { TokenState } from './token-state.ts';
import { CLIENT_ALGORITHMS, INTERACTION_PATH, LIFETIMES, ROUTES } from './endpoints.ts';
import { accountClaims, launchPatient } from './claims.ts';
import { renderError, renderLogout, renderLoggedOut } from './provider-pages.ts';

export interface ProviderParts {
  /** `https://gateway.example`, the issuer. */
  baseUrl: string;
  fhirBase: string;
  accounts: AccountStore;
  clients: ClientStore;
  state: TokenState;
  signingKeys: NonNullable<Configuration['jwks']>['keys'];
  cookieKeys: string[];
  knowsParameter: KnowsParameter;
}

const scopeList = (value: unknown): string[] =>
  typeof value === 'string' ? value.split(' ').filter(Boolean) : [];

/**
 * The FHIR base as oidc-provider's only resource server. Its scopes are infinitely many, so they are worked out for each
 * request: an authorization request and a client's own are first cut down to what the client may have; a code or a
 * refresh token carries what was granted.
 */
async function resourceServer(ctx: KoaContextWithOIDC, parts: ProviderParts): Promise<ResourceServer> {
  const { params, entities, route } = ctx.oidc;
  const client = ctx.oidc.client && (await parts.clients.get(ctx.oidc.client.clientId));
  if (!client || !params) throw new errors.InvalidTarget('no client');
  const onItsOwn = route === 'token' && params.grant_type === 'client_credentials';
  if (route === 'authorization' || onItsOwn) {
    const allowed = narrow(scopeList(params.scope), client.scopes, parts.knowsParameter);
    const scopes = onItsOwn && client.backend ? sensibleFor(client.backend.role, allowed, false) : allowed;
    if (scopes.length === 0)
      throw new errors.InvalidScope('none of the scopes can be granted to this client', '');
    params.scope = scopes.join(' ');
  }
  const scopes = new Set([
    ...scopeList(params.scope),
    ...scopeList(entities.AuthorizationCode?.scope),
    ...scopeList(entities.RefreshToken?.scope),
  ]);
  return { scope: [...scopes].join(' '), audience: parts.fhirBase, accessTokenFormat: 'opaque' };
}

/**
 * SMART: a client says which FHIR server it wants the token for, so that no other server can trick it out of one. A plain
 * OpenID login, whose token opens no resources, need not.
 */
function checkAud(ctx: KoaContextWithOIDC, aud: unknown, fhirBase: string): void {
  if (typeof aud === 'string' && aud.replace(/\/$/, '') === fhirBase) return;
  if (aud === undefined && !asksForRecords(scopeList(ctx.oidc.params?.scope))) return;
  throw new errors.InvalidRequest(`aud must be ${fhirBase}`);
}

function checkAssertion(payload: Record<string, unknown>, now: number): void {
  const { exp, sub, iss, jti } = payload;
  if (sub !== iss) throw new errors.InvalidClientAuth('sub (JWT subject) must be the client_id');
  if (typeof exp !== 'number' || exp - now > LIFETIMES.assertion + LIFETIMES.clockTolerance) {
    throw new errors.InvalidClientAuth('client assertions may be valid for 5 minutes at most');
  }
  if (typeof jti !== 'string' || jti.length > 256)
    throw new errors.InvalidClientAuth('jti must be a short string');
}

/** A refresh token without `offline_access` lasts as long as the session that it was made in. */
async function sessionEnded(token: unknown, state: TokenState): Promise<boolean> {
  if (typeof token !== 'object' || token === null || !('kind' in token) || token.kind !== 'RefreshToken')
    return false;
  if ('scope' in token && scopeList(token.scope).includes('offline_access')) return false;
  if (!('sessionUid' in token) || typeof token.sessionUid !== 'string') return true;
  return (await state.findSession(token.sessionUid)) === undefined;
}

function configuration(parts: ProviderParts): Configuration {
  const { accounts, state, fhirBase } = parts;
  const off = { enabled: false };
  return {
    adapter: stateAdapter(state, parts.clients),
    jwks: { keys: parts.signingKeys },
    routes: ROUTES,
    cookies: { keys: parts.cookieKeys },
    scopes: CONTEXT_SCOPES,
    claims: {
      openid: ['sub'],
      fhirUser: ['fhirUser'],
      profile: ['name', 'given_name', 'family_name', 'preferred_username', 'birthdate'],
    },
    conformIdTokenClaims: false,
    responseTypes: ['code'],
    allowOmittingSingleRegisteredRedirectUri: false,
    clientAuthMethods: ['none', 'private_key_jwt'],
    enabledJWA: {
      clientAuthSigningAlgValues: CLIENT_ALGORITHMS,
      idTokenSigningAlgValues: ['RS256', 'ES384'],
    },
    clockTolerance: LIFETIMES.clockTolerance,
    pkce: { required: () => true },
    rotateRefreshToken: true,
    expiresWithSession: () => false,
    issueRefreshToken: (_ctx, client, code) =>
      client.grantTypeAllowed('refresh_token') &&
      (code.scopes.has('offline_access') || code.scopes.has('online_access')),
    clientBasedCORS: () => true,
    extraParams: {
      aud: (ctx, aud) => {
        checkAud(ctx, aud, fhirBase);
      },
    },
    assertJwtClientAuthClaimsAndHeader: (_ctx, payload) => {
      checkAssertion(payload, Date.now() / 1000);
    },
    findAccount: async (_ctx, id, token) => {
      const account = await accounts.get(id);
      if (account?.status !== 'active' || (await sessionEnded(token, state))) return undefined;
      return { accountId: id, claims: () => ({ ...accountClaims(account, fhirBase) }) };
    },
    extraTokenClaims: async (_ctx, token) => {
      const patient = await launchPatient(token, accounts, state);
      return patient === undefined ? undefined : { patient };
    },
    loadExistingGrant: (ctx) => {
      const grantId = ctx.oidc.result?.consent?.grantId;
      return grantId === undefined ? undefined : ctx.oidc.provider.Grant.find(grantId);
    },
    interactions: {
      policy: gatewayPolicy(async (id) => (await accounts.get(id))?.patient !== undefined),
      url: (_ctx, interaction) => `${INTERACTION_PATH}/${interaction.uid}`,
    },
    ttl: {
      AccessToken: LIFETIMES.accessToken,
      AuthorizationCode: LIFETIMES.code,
      ClientCredentials: LIFETIMES.clientCredentials,
      Grant: LIFETIMES.offline,
      IdToken: LIFETIMES.idToken,
      Interaction: LIFETIMES.interaction,
      RefreshToken: (_ctx, token) =>
        token.scopes.has('offline_access') ? LIFETIMES.offline : LIFETIMES.session,
      Session: LIFETIMES.session,
    },
    features: {
      devInteractions: off,
      dPoP: off,
      pushedAuthorizationRequests: off,
      userinfo: off,
      clientCredentials: { enabled: true },
      introspection: {
        enabled: true,
        allowedPolicy: async (_ctx, client, token) =>
          client.clientAuthMethod !== 'none' || token.clientId === client.clientId,
      },
      revocation: {
        enabled: true,
        allowedPolicy: async (_ctx, client, token) => token.clientId === client.clientId,
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => fhirBase,
        useGrantedResource: () => true,
        getResourceServerInfo: async (ctx, resource) => {
          if (resource !== fhirBase) throw new errors.InvalidTarget(`the only resource here is ${fhirBase}`);
          return resourceServer(ctx, parts);
        },
      },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: renderLogout,
        postLogoutSuccessSource: renderLoggedOut,
      },
    },
    renderError,
  };
}

/** What was open in a session ends before its logout is answered, which oidc-provider itself does not wait for. */
function endSessionsWithLogout(provider: Provider, state: TokenState): void {
  const endings = new WeakMap<object, Promise<void>>();
  provider.on('end_session.success', (ctx) => {
    const { session, params, client } = ctx.oidc;
    if (!session) return;
    const ending = state.deleteOfSession(session.uid, params?.logout ? undefined : client?.clientId);
    // Should the logout itself fail by then, nobody waits for it.
    ending.catch(() => undefined);
    endings.set(ctx, ending);
  });
  provider.use(async (ctx, next) => {
    await next();
    await endings.get(ctx);
  });
}

/** oidc-provider as this gateway uses it: the issuer is BASE_URL, access tokens are opaque, PKCE is a must. */
export function createProvider(parts: ProviderParts): Provider {
  const provider = new Provider(parts.baseUrl, configuration(parts));
  // Its URLs follow the request's host; the mount pins that to BASE_URL by these headers.
  provider.proxy = true;
  allowNarrowing(provider);
  endSessionsWithLogout(provider, parts.state);
  return provider;
}
