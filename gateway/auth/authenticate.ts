import type { AdapterPayload } from 'oidc-provider';
import { FhirError } from '../fhir/errors.ts';
import type { Principal } from '../principal.ts';
import type { AccountStore } from './accounts.ts';
import type { ClientStore } from './clients.ts';
import type { AuthDatabase } from './database.ts';
import { parseScopes } from './scopes.ts';
import { stateId, type TokenState } from './token-state.ts';

/** What a bearer token can be: RFC 6750, section 2.1. */
const BEARER = /^Bearer +([A-Za-z0-9._~+/-]{1,512}=*) *$/i;
const CACHED = 10_000;

const CHECK = `SELECT s.model, s.expires, a.status AS account, a.revision AS account_revision,
    c.status AS client, c.revision AS client_revision
  FROM state s LEFT JOIN client c ON c.id = s.client_id LEFT JOIN account a ON a.id = s.account_id
  WHERE s.model IN ('AccessToken', 'ClientCredentials') AND s.id = ?`;

interface Known {
  id: Buffer;
  principal: Principal;
  accountRevision: unknown;
  clientRevision: unknown;
  /** Until when it was good when it was last asked for, in seconds since 1970, and the database's `writes` then. */
  expires: number;
  writes: number | undefined;
}

export interface AuthenticatorParts {
  db: AuthDatabase;
  accounts: AccountStore;
  clients: ClientStore;
  state: TokenState;
  fhirBase: string;
  /** Milliseconds since 1970. */
  now: () => number;
}

function unauthorized(fhirBase: string, presented: boolean, expired = false): FhirError {
  const diagnostics = !presented
    ? 'Log in: this needs an access token.'
    : expired
      ? 'The access token has expired.'
      : 'The access token is not good, or not any more.';
  const details = presented ? `, error="invalid_token", error_description="${diagnostics}"` : '';
  return new FhirError(
    401,
    { code: expired ? 'expired' : 'login', diagnostics },
    { 'WWW-Authenticate': `Bearer realm="${fhirBase}"${details}` },
  );
}

/**
 * Turns an Authorization header into who is asking. Whether the token is good is asked of the database every time, unless
 * that can say that nothing was written since; so a revocation or a disabled account holds from the very next request.
 */
export class Authenticator {
  readonly #parts: AuthenticatorParts;
  readonly #known = new Map<string, Known>();

  constructor(parts: AuthenticatorParts) {
    this.#parts = parts;
  }

  /** Rejects with a FhirError 401 with `WWW-Authenticate` for no token, and for one that is bad, expired or revoked. */
  async authenticate(header: string | undefined): Promise<Principal> {
    const { db, fhirBase, now } = this.#parts;
    if (header === undefined || header === '') throw unauthorized(fhirBase, false);
    const token = BEARER.exec(header)?.[1];
    if (token === undefined) throw unauthorized(fhirBase, true);

    const known = this.#known.get(token);
    const writes = db.writes?.();
    if (known?.writes !== undefined && known.writes === writes && known.expires * 1000 > now())
      return known.principal;
    const id = known?.id ?? stateId(token);
    const row = await db.get(CHECK, [id]);
    const expired = typeof row?.expires !== 'number' || row.expires * 1000 <= now();
    const person = row?.model === 'AccessToken';
    if (!row || expired || row.client !== 'active' || (person && row.account !== 'active')) {
      this.#known.delete(token);
      throw unauthorized(fhirBase, true, row !== undefined && expired);
    }
    const { account_revision: accountRevision, client_revision: clientRevision } = row;
    const checked = { accountRevision, clientRevision, expires: Number(row.expires), writes };
    if (known && known.accountRevision === accountRevision && known.clientRevision === clientRevision) {
      Object.assign(known, checked);
      return known.principal;
    }

    const payload = await this.#parts.state.find(person ? 'AccessToken' : 'ClientCredentials', token);
    const tokenId = id.toString('base64url');
    const principal =
      payload && (await (person ? this.#person(payload, tokenId) : this.#backend(payload, tokenId)));
    if (!principal || payload.aud !== fhirBase) throw unauthorized(fhirBase, true);
    this.#known.delete(token);
    this.#known.set(token, { id, principal, ...checked });
    const oldest = this.#known.size > CACHED ? this.#known.keys().next().value : undefined;
    if (oldest !== undefined) this.#known.delete(oldest);
    return principal;
  }

  async #person(payload: AdapterPayload, tokenId: string): Promise<Principal | undefined> {
    const account = await this.#parts.accounts.get(payload.accountId ?? '');
    if (!account) return undefined;
    const { organization, patient } = account;
    const inContext = patient ?? payload.extra?.patient;
    return Object.freeze<Principal>({
      identity: account.identity,
      requester: {
        role: account.role,
        person: account.fhirUser,
        ...(organization !== undefined && { organization }),
      },
      ...(patient !== undefined && { patient }),
      ...(typeof inContext === 'string' && { launchPatient: inContext }),
      scopes: parseScopes(payload.scope ?? ''),
      purpose: 'TREAT',
      client: payload.clientId ?? '',
      display: account.display,
      tokenId,
    });
  }

  async #backend(payload: AdapterPayload, tokenId: string): Promise<Principal | undefined> {
    const client = await this.#parts.clients.get(payload.clientId ?? '');
    if (!client?.backend) return undefined;
    const { identity, organization, role } = client.backend;
    return Object.freeze<Principal>({
      identity,
      requester: { role, organization },
      scopes: parseScopes(payload.scope ?? ''),
      purpose: 'TREAT',
      client: client.id,
      display: client.name,
      tokenId,
    });
  }
}
