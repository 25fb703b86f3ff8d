import { createHash } from 'node:crypto';
import { REQUEST_KEY } from '@fhir-fabric-gateway/chaincode/api';
import { isPostgres, openDatabase } from '../database/open.ts';
import type { Schema } from '../database/port.ts';
import { bytes, number, text } from '../database/rows.ts';
import { FhirError } from './errors.ts';
import { operationOutcome } from './http/outcome.ts';
import type { FhirRequest, FhirResponse } from './request.ts';
import { Accepted } from './write/submit.ts';

/** How long an answer is kept, in milliseconds: a client that tries again does so within a day. */
const KEPT = 24 * 3600 * 1000;
/**
 * How long a request can be under way before it is taken for lost with its process, in milliseconds: longer than two
 * attempts that each wait for all that they may.
 */
const UNDER_WAY = 5 * 60 * 1000;

/** What becomes of a request with a key: it may begin, another one is under way with the key, or there is an answer. */
export type Beginning = 'begun' | { request: string; response?: FhirResponse };

/**
 * Answers of transactions that were posted with `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header), so that a
 * client that saw no answer gets the first one again, without the resources in it. The database lets one request begin
 * with a key, wherever others arrive with it. The ledger holds the key as a unique criterion besides, of the first
 * resource that is created: when the answer was lost in a crash, the second post is refused instead of done twice. Times
 * are in milliseconds since 1970.
 */
export interface AnswerStore {
  /** Takes the key for `request`, a hash of what is asked, or says who has it. */
  begin(key: string, request: string, now: number): Promise<Beginning>;
  /** Keeps the answer to what began. */
  keep(key: string, request: string, response: FhirResponse, now: number): Promise<void>;
  /** Gives the key back that was taken at `begun`: nothing came of it. */
  giveBack(key: string, begun: number): Promise<void>;
  close(): Promise<void>;
}

/** A row without a status is a request under way, since `at`. */
const schema: Schema = ({ number, bytes, clustered }) => `
  CREATE TABLE IF NOT EXISTS answer (
    key TEXT PRIMARY KEY, request TEXT, status ${number}, body ${bytes}, at ${number}
  ) ${clustered};
  CREATE INDEX IF NOT EXISTS answer_at ON answer (at);`;

const BEGIN = `INSERT INTO answer (key, request, at) VALUES (?, ?, ?)
  ON CONFLICT (key) DO UPDATE SET request = excluded.request, status = NULL, body = NULL, at = excluded.at
  WHERE answer.at <= ? OR (answer.status IS NULL AND answer.at <= ?)`;
const KEEP = `INSERT INTO answer (key, request, status, body, at) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (key) DO UPDATE SET request = excluded.request, status = excluded.status, body = excluded.body,
    at = excluded.at`;

/**
 * An AnswerStore in a SQLite file (`:memory:` for tests), or in the database of a `postgres://` URL. A file is one
 * process's: what was under way in it ended with the process before.
 */
export async function openAnswerStore(url: string): Promise<AnswerStore> {
  const db = await openDatabase({ url, store: 'gateway_answers', connections: 4 }, schema);
  if (!isPostgres(url)) await db.run('DELETE FROM answer WHERE status IS NULL');
  return {
    async begin(key, request, now) {
      for (;;) {
        if ((await db.run(BEGIN, [key, request, now, now - KEPT, now - UNDER_WAY])) === 1) return 'begun';
        const row = await db.get('SELECT request, status, body FROM answer WHERE key = ?', [key]);
        // Whoever had the key has given it back by now.
        if (!row) continue;
        if (row['status'] === null) return { request: text(row, 'request') };
        const response = { status: number(row, 'status'), headers: {}, body: bytes(row, 'body') };
        return { request: text(row, 'request'), response };
      }
    },
    async keep(key, request, { status, body }, now) {
      await db.run('DELETE FROM answer WHERE at <= ?', [now - KEPT]);
      const kept = typeof body === 'string' ? new TextEncoder().encode(body) : (body ?? new Uint8Array());
      await db.run(KEEP, [key, request, status, kept, now]);
    },
    async giveBack(key, begun) {
      await db.run('DELETE FROM answer WHERE key = ? AND status IS NULL AND at = ?', [key, begun]);
    },
    close: async () => db.close(),
  };
}

/** The key of a request, the caller's own; undefined without the header. Throws 400 when it is no key. */
export function idempotencyKey({ idempotencyKey: key, principal }: FhirRequest): string | undefined {
  if (key === undefined) return undefined;
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new FhirError(400, {
      code: 'value',
      diagnostics: 'Idempotency-Key has 1 to 255 visible ASCII characters.',
    });
  }
  const { mspId, pseudonym } = principal.identity;
  return createHash('sha256')
    .update(`${mspId}\n${pseudonym}\n${principal.client}\n${key}`)
    .digest('base64url');
}

/**
 * Runs `work` once for each key: answers the first answer again, refuses the key with another body (422), and while the
 * first request is under way (409, as the draft says).
 */
export async function once(
  request: FhirRequest,
  store: AnswerStore,
  work: (claim: string | undefined) => Promise<FhirResponse>,
): Promise<FhirResponse> {
  const key = idempotencyKey(request);
  if (key === undefined) return work(undefined);
  const { now } = request;
  const body = createHash('sha256').update(JSON.stringify(request.body?.resource)).digest('base64url');
  const known = await store.begin(key, body, now);
  if (known !== 'begun') return answered(known, body);
  try {
    const response = await work(`${REQUEST_KEY}${key}`);
    await store.keep(key, body, { ...response, body: withoutResources(response.body) }, now);
    return response;
  } catch (error) {
    // What is done is not begun again; where nobody knows, the ledger's claim decides. Should this fail as well, the key is
    // free after a while.
    const over =
      error instanceof Accepted && error.committed
        ? store.keep(key, body, { status: 202, headers: {}, body: operationOutcome(error.issues) }, now)
        : store.giveBack(key, now);
    await over.catch(() => undefined);
    throw error;
  }
}

function answered({ request, response }: Exclude<Beginning, 'begun'>, body: string): FhirResponse {
  if (request !== body) {
    throw new FhirError(422, {
      code: 'duplicate',
      diagnostics: 'The Idempotency-Key was used with another body.',
    });
  }
  if (response) return response;
  const diagnostics = 'The first request with this Idempotency-Key is under way; try again for its answer.';
  throw new FhirError(409, { code: 'conflict', diagnostics }, { 'Retry-After': '1' });
}

/** What is kept says what was written where, and nothing of what it was: that is read through the gate. */
function withoutResources(body: FhirResponse['body']): string {
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
  const bundle = JSON.parse(text) as { entry?: { response: object }[] };
  return JSON.stringify({
    ...bundle,
    ...(bundle.entry && { entry: bundle.entry.map(({ response }) => ({ response })) }),
  });
}
