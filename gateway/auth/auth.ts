import type { Middleware } from 'koa';
import type { Principal } from '../principal.ts';
import { AccountStore } from './accounts.ts';
import { AttemptStore } from './attempt-store.ts';
import { Authenticator } from './authenticate.ts';
import { ClientStore } from './clients.ts';
import { openAuthDatabase } from './database.ts';
import type { KnowsParameter } from './granting.ts';
import { LoginThrottle } from './login-throttle.ts';
import { mountAuth } from './mount.ts';
import { PasswordHasher } from './passwords.ts';
import { createProvider } from './provider.ts';
import { deriveKey } from './sealing.ts';
import { loadSigningKeys } from './signing-keys.ts';
import { TokenState } from './token-state.ts';

export interface AuthDependencies {
  /** `https://gateway.example`, without a path: the issuer, and where all pages and endpoints stand. */
  baseUrl: string;
  /**
   * Accounts, clients, keys and tokens: a SQLite file (`:memory:` for tests), or the `postgres://` URL of the database
   * that the organisation's replicas share.
   */
  database: string;
  /** The master secret that keys at rest and cookies hang on; at least 32 characters. */
  secret: string;
  /** Whether the index can confine a type by a search parameter; scopes with others are not granted. */
  knowsParameter: KnowsParameter;
  /** Milliseconds since 1970. */
  clock?: () => number;
  /** Errors of the server's own, that a request ended in with status 500 or that met nobody. Standard error by default. */
  onError?: (error: unknown) => void;
}

export interface Auth {
  /** Authorization server, its pages and discovery, CORS of the FHIR base. Goes first, before bodies are read. */
  middleware: Middleware;
  /**
   * Who sends this Authorization header. Rejects with a FhirError 401 with `WWW-Authenticate` for no token, a bad,
   * expired or revoked one, and one of a disabled account or client.
   */
  authenticate(authorization: string | undefined): Promise<Principal>;
  accounts: AccountStore;
  clients: ClientStore;
  close(): Promise<void>;
}

const PURGE_INTERVAL = 60_000;

function checkedBaseUrl(baseUrl: string): string {
  const url = URL.parse(baseUrl);
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.pathname !== '/' || url.search || url.hash) {
    throw new Error(
      `BASE_URL is scheme, host and port alone, like https://gateway.example: ${baseUrl} is not`,
    );
  }
  return url.origin;
}

/**
 * Opens the database, makes the signing keys on the first start, and puts the authorization server together. Replicas
 * with one database and one secret are one server: what one of them issues, all of them know, and take back at once.
 */
export async function createAuth(deps: AuthDependencies): Promise<Auth> {
  const baseUrl = checkedBaseUrl(deps.baseUrl);
  const fhirBase = `${baseUrl}/fhir/R4`;
  const { secret, knowsParameter, clock: now = Date.now, onError = console.error } = deps;
  const cookieKeys = [deriveKey(secret, 'cookies').toString('base64url')];
  const db = await openAuthDatabase(deps.database);
  try {
    const signingKeys = await loadSigningKeys(db, secret, now());
    const state = new TokenState(db);
    const accounts = new AccountStore(db, await PasswordHasher.create(), state, now);
    const clients = new ClientStore(db, state);
    const provider = createProvider({
      ...{ baseUrl, fhirBase, accounts, clients, state },
      ...{ signingKeys, cookieKeys, knowsParameter },
    });
    provider.on('server_error', (_ctx, error) => {
      onError(error);
    });
    const authenticator = new Authenticator({ db, accounts, clients, state, fhirBase, now });
    const attempts = new AttemptStore(db, deriveKey(secret, 'login-throttle'));
    const purge = async (): Promise<void> => {
      await state.deleteExpired(Math.floor(now() / 1000));
      await attempts.deleteExpired(now());
    };
    await purge();
    const timer = setInterval(() => {
      purge().catch(onError);
    }, PURGE_INTERVAL).unref();
    return {
      middleware: mountAuth({
        ...{ provider, baseUrl, fhirBase, accounts, clients, state },
        throttle: new LoginThrottle(attempts, now),
      }),
      authenticate: (authorization) => authenticator.authenticate(authorization),
      accounts,
      clients,
      async close() {
        clearInterval(timer);
        await db.close();
      },
    };
  } catch (error) {
    await db.close();
    throw error;
  }
}
