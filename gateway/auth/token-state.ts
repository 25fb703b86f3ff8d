import { hash } from 'node:crypto';
import type { AdapterPayload } from 'oidc-provider';
import type { Row, Statement } from '../database/port.ts';
import type { AuthDatabase } from './database.ts';

/** How a row finds its token: the token itself is nowhere in the database. */
export const stateId = (id: string): Buffer => hash('sha256', id, 'buffer');

/** Models whose deletion is a revocation. */
const TOKENS: ReadonlySet<string> = new Set(['AccessToken', 'ClientCredentials', 'RefreshToken']);

const scopesOf = (payload: AdapterPayload): string[] => payload.scope?.split(' ') ?? [];

const PUT = `INSERT INTO state (model, id, payload, account_id, client_id, grant_id, session_uid, expires)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (model, id) DO UPDATE SET payload = excluded.payload, account_id = excluded.account_id,
    client_id = excluded.client_id, grant_id = excluded.grant_id, session_uid = excluded.session_uid,
    expires = excluded.expires`;
const ADD = `INSERT INTO state (model, id, payload, expires) VALUES (?, ?, ?, ?)
  ON CONFLICT (model, id) DO UPDATE SET payload = excluded.payload, expires = excluded.expires
  WHERE state.expires <= ?`;
const PUT_PATIENT = `INSERT INTO launch_context (grant_id, patient, expires) VALUES (?, ?, ?)
  ON CONFLICT (grant_id) DO UPDATE SET patient = excluded.patient, expires = excluded.expires`;

/**
 * The authorization server's state: sessions, interactions, grants, codes, tokens, used assertions. Rows carry the SHA-256
 * of their identifier, so that who reads the database holds no token. Expiry is in seconds since 1970, as OAuth counts.
 */
export class TokenState {
  readonly #db: AuthDatabase;

  constructor(db: AuthDatabase) {
    this.#db = db;
  }

  async put(model: string, id: string, payload: AdapterPayload, expires: number | null): Promise<void> {
    const { jti: _jti, ...kept } = payload;
    // What a session holds ends with it, unless the user let the app keep access.
    const sessionUid = model === 'Session' ? payload.uid : payload.sessionUid;
    const outlives = scopesOf(payload).includes('offline_access');
    await this.#db.run(PUT, [
      model,
      stateId(id),
      JSON.stringify(kept),
      payload.accountId ?? null,
      payload.clientId ?? null,
      payload.grantId ?? null,
      outlives ? null : (sessionUid ?? null),
      expires,
    ]);
  }

  /** Stores what may be there once only. False: it is there already, and had not expired at `now` (seconds). */
  async add(
    model: string,
    id: string,
    payload: AdapterPayload,
    expires: number,
    now: number,
  ): Promise<boolean> {
    const { jti: _jti, ...kept } = payload;
    const values = [model, stateId(id), JSON.stringify(kept), expires, now];
    return (await this.#db.run(ADD, values)) === 1;
  }

  async find(model: string, id: string): Promise<AdapterPayload | undefined> {
    const row = await this.#db.get('SELECT payload, consumed FROM state WHERE model = ? AND id = ?', [
      model,
      stateId(id),
    ]);
    const payload = payloadOf(row);
    return payload && { ...payload, jti: id };
  }

  async findSession(uid: string): Promise<AdapterPayload | undefined> {
    const text = `SELECT payload, consumed FROM state WHERE session_uid = ? AND model = 'Session'`;
    return payloadOf(await this.#db.get(text, [uid]));
  }

  /** False: it was consumed before. */
  async consume(model: string, id: string, now: number): Promise<boolean> {
    const text = 'UPDATE state SET consumed = ? WHERE model = ? AND id = ? AND consumed IS NULL';
    return (await this.#db.run(text, [now, model, stateId(id)])) === 1;
  }

  async grantOf(model: string, id: string): Promise<string | undefined> {
    const text = 'SELECT grant_id FROM state WHERE model = ? AND id = ?';
    const grant = (await this.#db.get(text, [model, stateId(id)]))?.grant_id;
    return typeof grant === 'string' ? grant : undefined;
  }

  async delete(model: string, id: string): Promise<void> {
    const text = 'DELETE FROM state WHERE model = ? AND id = ?';
    const values = [model, stateId(id)];
    if (TOKENS.has(model)) await this.#db.durably([{ text, values }]);
    else await this.#db.run(text, values);
  }

  /** Codes and tokens that come from this grant. */
  async deleteOfGrant(grant: string): Promise<void> {
    await this.#db.durably([{ text: 'DELETE FROM state WHERE grant_id = ?', values: [grant] }]);
  }

  /** For a transaction of the caller's. */
  deletionOfAccount(account: string): Statement {
    return { text: 'DELETE FROM state WHERE account_id = ?', values: [account] };
  }

  /** For a transaction of the caller's. */
  deletionOfClient(client: string): Statement {
    return { text: 'DELETE FROM state WHERE client_id = ?', values: [client] };
  }

  /** The session and its tokens, but those of `offline_access`; only the tokens of `client`, if one is named. */
  async deleteOfSession(uid: string, client?: string): Promise<void> {
    const text = 'DELETE FROM state WHERE session_uid = ?';
    await this.#db.durably([
      client === undefined
        ? { text, values: [uid] }
        : { text: `${text} AND client_id = ?`, values: [uid, client] },
    ]);
  }

  /** Removes what expired before `now` (seconds since 1970); answers how many rows. */
  async deleteExpired(now: number): Promise<number> {
    await this.#db.run('DELETE FROM launch_context WHERE expires <= ?', [now]);
    return this.#db.run('DELETE FROM state WHERE expires <= ?', [now]);
  }

  /** Keeps which patient a grant is about, for a user who chose one. */
  async putPatient(grant: string, patient: string, expires: number): Promise<void> {
    await this.#db.run(PUT_PATIENT, [grant, patient, expires]);
  }

  async patientOf(grant: string): Promise<string | undefined> {
    const row = await this.#db.get('SELECT patient FROM launch_context WHERE grant_id = ?', [grant]);
    return typeof row?.patient === 'string' ? row.patient : undefined;
  }
}

function payloadOf(row: Row | undefined): AdapterPayload | undefined {
  if (typeof row?.payload !== 'string') return undefined;
  const payload = JSON.parse(row.payload) as AdapterPayload;
  return typeof row.consumed === 'number' ? { ...payload, consumed: row.consumed } : payload;
}
