import { createHash } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { FhirError } from './errors.ts';
import type { FhirRequest, FhirResponse } from './request.ts';

/** How long an answer is kept, in milliseconds: a client that tries again does so within a day. */
const KEPT = 24 * 3600 * 1000;

/**
 * Answers of transactions that were posted with `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header), so that a
 * client that saw no answer gets the first one again, without the resources in it. The ledger holds the key as a unique criterion besides: when the
 * answer was lost in a crash, the second post is refused instead of done twice.
 */
export interface AnswerStore {
  find(key: string, now: number): { request: string; response: FhirResponse } | undefined;
  keep(key: string, request: string, response: FhirResponse, now: number): void;
  close(): void;
}

/** An AnswerStore in a SQLite file. */
export function openAnswerStore(file: string): AnswerStore {
  const db = new DatabaseSync(file);
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
    CREATE TABLE IF NOT EXISTS answer (key TEXT PRIMARY KEY, request TEXT, status INTEGER, body BLOB, at INTEGER) WITHOUT ROWID`);
  const find = db.prepare('SELECT request, status, body FROM answer WHERE key = ? AND at > ?');
  const keep = db.prepare('INSERT OR REPLACE INTO answer VALUES (?, ?, ?, ?, ?)');
  const forget = db.prepare('DELETE FROM answer WHERE at <= ?');
  return {
    find(key, now) {
      const row = find.get(key, now - KEPT);
      if (!row) return undefined;
      return {
        request: String(row['request']),
        response: { status: Number(row['status']), headers: {}, body: row['body'] as Uint8Array },
      };
    },
    keep(key, request, { status, body }, now) {
      forget.run(now - KEPT);
      keep.run(
        key,
        request,
        status,
        typeof body === 'string' ? new TextEncoder().encode(body) : (body ?? null),
        now,
      );
    },
    close: () => db.close(),
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

/** Runs `work` once for each key: answers the first answer again, and refuses (422) the key with another body. */
export async function once(
  request: FhirRequest,
  store: AnswerStore,
  work: (claim: string | undefined) => Promise<FhirResponse>,
): Promise<FhirResponse> {
  const key = idempotencyKey(request);
  if (key === undefined) return work(undefined);
  const body = createHash('sha256').update(JSON.stringify(request.body?.resource)).digest('base64url');
  const known = store.find(key, request.now);
  if (known && known.request !== body) {
    throw new FhirError(422, {
      code: 'duplicate',
      diagnostics: 'The Idempotency-Key was used with another body.',
    });
  }
  if (known) return known.response;
  const response = await work(`Idempotency-Key?${key}`);
  store.keep(key, body, { ...response, body: withoutResources(response.body) }, request.now);
  return response;
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
