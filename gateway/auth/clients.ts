import type { IdentityRef } from '@fhir-fabric-gateway/chaincode/api';
import type { AllClientMetadata } from 'oidc-provider';
import type { JWK } from 'jose';
import { FhirError } from '../fhir/errors.ts';
import type { Row } from '../database/port.ts';
import { number, optionalText, text } from '../database/rows.ts';
import type { AuthDatabase } from './database.ts';
import type { TokenState } from './token-state.ts';

/** A client that acts on its own account: a hospital's or lab's system, or research. */
export interface Backend {
  role: 'system' | 'researcher';
  identity: IdentityRef;
  /** `Organization/5` */
  organization: string;
}

export interface NewClient {
  id: string;
  /** For people: who asks, on the authorisation page and in the audit. */
  name: string;
  /**
   * Where people are sent back to; none for a client that only acts on its own account.
   * A loopback address (`http://127.0.0.1/callback`) stands for every port of it (RFC 8252, section 7.3).
   */
  redirectUris?: readonly string[];
  postLogoutRedirectUris?: readonly string[];
  /** The scopes it may have at most: context scopes by name, resource scopes as limits (`patient/*.cruds`). */
  scopes: readonly string[];
  /** Public keys for private_key_jwt. A client without is public and proves itself with PKCE alone. */
  jwks?: { keys: readonly JWK[] };
  backend?: Backend;
}

export interface Client extends NewClient {
  redirectUris: readonly string[];
  postLogoutRedirectUris: readonly string[];
  status: 'active' | 'disabled';
  /** Grows with every change. */
  revision: number;
}

const ID = /^[\x21-\x7e]{1,100}$/;
const LOOPBACKS = ['127.0.0.1', '[::1]'];
const FORBIDDEN_SCHEMES = ['javascript:', 'vbscript:', 'data:', 'blob:', 'file:', 'about:'];
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'];

/** An app on someone's own machine: it is sent back to on a loopback address or by a scheme of its own. */
function isNative(client: NewClient): boolean {
  return (client.redirectUris ?? []).some((uri) => {
    const url = URL.parse(uri);
    return url !== null && (LOOPBACKS.includes(url.hostname) || !['http:', 'https:'].includes(url.protocol));
  });
}

function check(client: NewClient): void {
  const refuse = (diagnostics: string): never => {
    throw new FhirError(422, { code: 'value', diagnostics });
  };
  if (!ID.test(client.id)) refuse('A client id has 1 to 100 visible ASCII characters.');
  if (client.backend && !client.jwks) refuse('A client that acts on its own account needs keys (jwks).');
  if (!client.backend && !client.redirectUris?.length)
    refuse('A client that people use needs a redirect URI.');
  for (const uri of [...(client.redirectUris ?? []), ...(client.postLogoutRedirectUris ?? [])]) {
    const url = URL.parse(uri);
    if (!url || url.hash !== '' || uri.endsWith('#') || FORBIDDEN_SCHEMES.includes(url.protocol)) {
      refuse(`${uri} can't be sent back to.`);
    } else if (isNative(client) && url.protocol === 'http:' && !LOOPBACKS.includes(url.hostname)) {
      refuse(`${uri} needs https, or a client without loopback addresses or schemes of its own.`);
    }
  }
  // A text of PostgreSQL has none.
  if (client.name.includes('\0')) refuse('A name has a character that is none.');
  for (const jwk of client.jwks?.keys ?? []) {
    if (PRIVATE_MEMBERS.some((member) => member in jwk)) refuse('jwks must hold public keys only.');
  }
}

const taken = (): FhirError =>
  new FhirError(409, { code: 'duplicate', diagnostics: 'There is a client of this id already.' });

const strings = (json: string): string[] => {
  const list: unknown = JSON.parse(json);
  return Array.isArray(list) ? list.filter((entry) => typeof entry === 'string') : [];
};

function clientOf(row: Row): Client {
  const jwks = optionalText(row, 'jwks');
  const role = optionalText(row, 'role');
  return {
    id: text(row, 'id'),
    name: text(row, 'name'),
    redirectUris: strings(text(row, 'redirect_uris')),
    postLogoutRedirectUris: strings(text(row, 'logout_uris')),
    scopes: strings(text(row, 'scopes')),
    status: row.status === 'active' ? 'active' : 'disabled',
    revision: number(row, 'revision'),
    ...(jwks !== undefined && { jwks: JSON.parse(jwks) as { keys: JWK[] } }),
    ...(role !== undefined && {
      backend: {
        role: role === 'researcher' ? ('researcher' as const) : ('system' as const),
        identity: { mspId: text(row, 'msp_id'), pseudonym: text(row, 'pseudonym') },
        organization: text(row, 'organization'),
      },
    }),
  };
}

/** A client as oidc-provider reads it (the names of RFC 7591). */
export function clientMetadata(client: Client): AllClientMetadata {
  const people = client.redirectUris.length > 0;
  return {
    client_id: client.id,
    client_name: client.name,
    application_type: isNative(client) ? 'native' : 'web',
    redirect_uris: client.redirectUris,
    post_logout_redirect_uris: client.postLogoutRedirectUris,
    response_types: people ? ['code'] : [],
    response_modes: ['query'],
    grant_types: [
      ...(people ? ['authorization_code', 'refresh_token'] : []),
      ...(client.backend ? ['client_credentials'] : []),
    ],
    ...(client.jwks
      ? { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: client.jwks.keys } }
      : { token_endpoint_auth_method: 'none' }),
  };
}

export class ClientStore {
  readonly #db: AuthDatabase;
  readonly #tokens: TokenState;

  constructor(db: AuthDatabase, tokens: TokenState) {
    this.#db = db;
    this.#tokens = tokens;
  }

  /** Throws what `create` would, for who has something to do before it that can't be undone. */
  async assertPossible(client: NewClient): Promise<void> {
    check(client);
    if (await this.get(client.id)) throw taken();
  }

  /** Registers a client. Throws a FhirError 422 for what can't be one, 409 for an id that is taken. */
  async create(client: NewClient): Promise<Client> {
    return this.#write(
      client,
      `INSERT INTO client (name, redirect_uris, logout_uris, scopes, jwks, role, msp_id, pseudonym, organization, id,
         status, revision)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'active', 1) ON CONFLICT DO NOTHING`,
      taken(),
    );
  }

  /** Changes a client, its keys or scopes say; tokens that it has stay good. Throws a FhirError 422, or 404 for none. */
  async update(client: NewClient): Promise<Client> {
    return this.#write(
      client,
      `UPDATE client SET name = ?, redirect_uris = ?, logout_uris = ?, scopes = ?, jwks = ?, role = ?, msp_id = ?,
         pseudonym = ?, organization = ?, revision = revision + 1 WHERE id = ?`,
      new FhirError(404, { code: 'not-found', diagnostics: 'There is no such client.' }),
    );
  }

  async #write(client: NewClient, text: string, refusal: FhirError): Promise<Client> {
    check(client);
    const { backend } = client;
    const values = [
      client.name,
      JSON.stringify(client.redirectUris ?? []),
      JSON.stringify(client.postLogoutRedirectUris ?? []),
      JSON.stringify(client.scopes),
      client.jwks ? JSON.stringify(client.jwks) : null,
      backend?.role ?? null,
      backend?.identity.mspId ?? null,
      backend?.identity.pseudonym ?? null,
      backend?.organization ?? null,
      client.id,
    ];
    const written = await this.#db.durably([{ text, values, needed: true }]);
    const stored = written ? await this.get(client.id) : undefined;
    if (!stored) throw refusal;
    return stored;
  }

  async get(id: string): Promise<Client | undefined> {
    // What can be no id is nobody's; there is nothing to ask the database then.
    const row = ID.test(id) ? await this.#db.get('SELECT * FROM client WHERE id = ?', [id]) : undefined;
    return row && clientOf(row);
  }

  async list(): Promise<Client[]> {
    return (await this.#db.all('SELECT * FROM client ORDER BY id')).map(clientOf);
  }

  /** From the next request on, none of its tokens is good and it gets no other. */
  async disable(id: string): Promise<void> {
    await this.#setStatus(id, 'disabled');
  }

  /** Lets a disabled client get tokens again. */
  async enable(id: string): Promise<void> {
    await this.#setStatus(id, 'active');
  }

  async #setStatus(id: string, status: Client['status']): Promise<void> {
    const text = 'UPDATE client SET status = ?, revision = revision + 1 WHERE id = ?';
    await this.#db.durably([{ text, values: [status, id] }, this.#tokens.deletionOfClient(id)]);
  }
}
