import { hash } from 'node:crypto';
import type { AdapterPayload } from 'oidc-provider';
import type { AuthDatabase } from './database.ts';
import type { Row } from './rows.ts';

/** How a row finds its token: the token itself is nowhere in the database. */
export const stateId = (id: string): Buffer => hash('sha256', id, 'buffer');

/** Models whose deletion is a revocation. */
const TOKENS: ReadonlySet<string> = new Set(['AccessToken', 'ClientCredentials', 'RefreshToken']);

const scopesOf = (payload: AdapterPayload): string[] => payload.scope?.split(' ') ?? [];

/**
 * The authorization server's state: sessions, interactions, grants, codes, tokens, used assertions. Rows carry the SHA-256
 * of their identifier, so that who reads the file holds no token. Expiry is in seconds since 1970, as OAuth counts.
 */
export class TokenState {
  readonly #db: AuthDatabase;
  readonly #statements;

  constructor(db: AuthDatabase) {
    this.#db = db;
    const { sql } = db;
    this.#statements = {
      put: sql.prepare(
        `INSERT INTO state (model, id, payload, account_id, client_id, grant_id, session_uid, expires)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (model, id) DO UPDATE SET payload = excluded.payload, account_id = excluded.account_id,
           client_id = excluded.client_id, grant_id = excluded.grant_id, session_uid = excluded.session_uid,
           expires = excluded.expires`,
      ),
      add: sql.prepare(
        `INSERT INTO state (model, id, payload, expires) VALUES (?, ?, ?, ?)
         ON CONFLICT (model, id) DO UPDATE SET payload = excluded.payload, expires = excluded.expires WHERE expires <= ?`,
      ),
      find: sql.prepare('SELECT payload, consumed FROM state WHERE model = ? AND id = ?'),
      findSession: sql.prepare(
        `SELECT payload, consumed FROM state WHERE session_uid = ? AND model = 'Session'`,
      ),
      consume: sql.prepare('UPDATE state SET consumed = ? WHERE model = ? AND id = ? AND consumed IS NULL'),
      grantOf: sql.prepare('SELECT grant_id FROM state WHERE model = ? AND id = ?'),
      delete: sql.prepare('DELETE FROM state WHERE model = ? AND id = ?'),
      deleteOfGrant: sql.prepare('DELETE FROM state WHERE grant_id = ?'),
      deleteOfAccount: sql.prepare('DELETE FROM state WHERE account_id = ?'),
      deleteOfClient: sql.prepare('DELETE FROM state WHERE client_id = ?'),
      deleteOfSession: sql.prepare(
        'DELETE FROM state WHERE session_uid = ? AND (? IS NULL OR client_id = ?)',
      ),
      deleteExpired: sql.prepare('DELETE FROM state WHERE expires <= ?'),
      putPatient: sql.prepare(
        'INSERT OR REPLACE INTO launch_context (grant_id, patient, expires) VALUES (?, ?, ?)',
      ),
      patient: sql.prepare('SELECT patient FROM launch_context WHERE grant_id = ?'),
      deleteExpiredPatients: sql.prepare('DELETE FROM launch_context WHERE expires <= ?'),
    };
  }

  put(model: string, id: string, payload: AdapterPayload, expires: number | null): void {
    const { jti: _jti, ...kept } = payload;
    // What a session holds ends with it, unless the user let the app keep access.
    const sessionUid = model === 'Session' ? payload.uid : payload.sessionUid;
    const outlives = scopesOf(payload).includes('offline_access');
    this.#statements.put.run(
      model,
      stateId(id),
      JSON.stringify(kept),
      payload.accountId ?? null,
      payload.clientId ?? null,
      payload.grantId ?? null,
      outlives ? null : (sessionUid ?? null),
      expires,
    );
  }

  /** Stores what may be there once only. False: it is there already, and had not expired at `now` (seconds). */
  add(model: string, id: string, payload: AdapterPayload, expires: number, now: number): boolean {
    const { jti: _jti, ...kept } = payload;
    return this.#statements.add.run(model, stateId(id), JSON.stringify(kept), expires, now).changes === 1;
  }

  find(model: string, id: string): AdapterPayload | undefined {
    const payload = payloadOf(this.#statements.find.get(model, stateId(id)));
    return payload && { ...payload, jti: id };
  }

  findSession(uid: string): AdapterPayload | undefined {
    return payloadOf(this.#statements.findSession.get(uid));
  }

  /** False: it was consumed before. */
  consume(model: string, id: string, now: number): boolean {
    return this.#statements.consume.run(now, model, stateId(id)).changes === 1;
  }

  grantOf(model: string, id: string): string | undefined {
    const grant = this.#statements.grantOf.get(model, stateId(id))?.grant_id;
    return typeof grant === 'string' ? grant : undefined;
  }

  delete(model: string, id: string): void {
    const run = () => this.#statements.delete.run(model, stateId(id));
    if (TOKENS.has(model)) this.#db.durably(run);
    else run();
  }

  /** Codes and tokens that come from this grant. */
  deleteOfGrant(grant: string): void {
    this.#db.durably(() => this.#statements.deleteOfGrant.run(grant));
  }

  /** Inside a transaction of the caller's. */
  deleteOfAccount(account: string): void {
    this.#statements.deleteOfAccount.run(account);
  }

  /** Inside a transaction of the caller's. */
  deleteOfClient(client: string): void {
    this.#statements.deleteOfClient.run(client);
  }

  /** The session and its tokens, but those of `offline_access`; only the tokens of `client`, if one is named. */
  deleteOfSession(uid: string, client?: string): void {
    this.#db.durably(() => this.#statements.deleteOfSession.run(uid, client ?? null, client ?? null));
  }

  /** Removes what expired before `now` (seconds since 1970); answers how many rows. */
  deleteExpired(now: number): number {
    this.#statements.deleteExpiredPatients.run(now);
    return Number(this.#statements.deleteExpired.run(now).changes);
  }

  /** Keeps which patient a grant is about, for a user who chose one. */
  putPatient(grant: string, patient: string, expires: number): void {
    this.#statements.putPatient.run(grant, patient, expires);
  }

  patientOf(grant: string): string | undefined {
    const patient = this.#statements.patient.get(grant)?.patient;
    return typeof patient === 'string' ? patient : undefined;
  }
}

function payloadOf(row: Row | undefined): AdapterPayload | undefined {
  if (typeof row?.payload !== 'string') return undefined;
  const payload = JSON.parse(row.payload) as AdapterPayload;
  return typeof row.consumed === 'number' ? { ...payload, consumed: row.consumed } : payload;
}
