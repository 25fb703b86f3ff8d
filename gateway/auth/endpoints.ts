/** Where the authorization server's parts stand under BASE_URL. */
export const ROUTES = {
  authorization: '/oauth/authorize',
  token: '/oauth/token',
  jwks: '/oauth/jwks',
  introspection: '/oauth/introspect',
  revocation: '/oauth/revoke',
  end_session: '/oauth/logout',
} as const;

/** Where the pages between an authorization request and its answer stand. */
export const INTERACTION_PATH = '/oauth/interaction';

/** Seconds. */
export const LIFETIMES = {
  accessToken: 60 * 60,
  /** SMART Backend Services: 5 minutes at most. */
  clientCredentials: 5 * 60,
  /** How far ahead a client assertion may expire. */
  assertion: 5 * 60,
  clockTolerance: 10,
  code: 60,
  idToken: 60 * 60,
  interaction: 30 * 60,
  session: 12 * 60 * 60,
  /** What `offline_access` gives, if it isn't used meanwhile. */
  offline: 90 * 24 * 60 * 60,
} as const;

/** What client assertions may be signed with: SMART's two. */
export const CLIENT_ALGORITHMS = ['RS384', 'ES384'] as const;
