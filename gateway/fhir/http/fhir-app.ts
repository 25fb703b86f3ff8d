import type { Context } from 'koa';
import { AuditTrail } from '../../audit/trail.ts';
import type { Principal } from '../../principal.ts';
import type { Services } from '../../services.ts';
import { matchOrThrow, pathOf, type Dispatcher } from '../dispatch.ts';
import { FhirError } from '../errors.ts';
import { parseDocument, parseJson } from '../json/parse.ts';
import type { FhirRequest } from '../request.ts';
import type { RouteMatch } from '../routes.ts';
import { asBody } from '../write/body.ts';
import { readBody } from './body.ts';
import { toFhirError } from './failure.ts';
import { FHIR_JSON, assertJsonAccepted, assertJsonBody, isJsonPatch } from './media-type.ts';
import { operationOutcome } from './outcome.ts';
import { asksForPretty, pretty } from './pretty.ts';
import { parsePrefer } from './prefer.ts';
import { queryPairs } from './query.ts';

/** Answers who sends this `Authorization` header; throws 401. */
export type Authenticate = (authorization: string | undefined) => Promise<Principal>;

export interface FhirAppOptions {
  dispatcher: Dispatcher;
  services: Services;
  authenticate: Authenticate;
  /** The CapabilityStatement, which needs no token. */
  capabilities: string;
  /** Bytes that a body may have. */
  maxBody: number;
}

/** The one place where FHIR meets Koa: reads the request, runs the steps, writes the answer or the OperationOutcome. */
export function fhirApp(options: FhirAppOptions): (ctx: Context, path: string) => Promise<void> {
  return async (ctx, path) => {
    const given = ctx.get('X-Request-Id').replace(/[^A-Za-z0-9._-]/g, '');
    const requestId = given.slice(0, 64) || options.services.newId();
    ctx.set('X-Request-Id', requestId);
    ctx.set('Cache-Control', 'no-store');
    try {
      await answer(ctx, path, requestId, options);
    } catch (error) {
      const failure = toFhirError(error);
      if (failure.status >= 500 && failure !== error) options.services.onFailure(error, requestId);
      ctx.status = failure.status;
      ctx.set({ ...failure.headers });
      ctx.set('Content-Type', FHIR_JSON);
      ctx.body = shown(operationOutcome(failure.issues), ctx);
    }
  };
}

async function answer(ctx: Context, path: string, requestId: string, options: FhirAppOptions): Promise<void> {
  const query = queryPairs(ctx.querystring);
  assertJsonAccepted(ctx.get('Accept') || undefined, query.find(([name]) => name === '_format')?.[1]);
  if (path === 'metadata' && (ctx.method === 'GET' || ctx.method === 'HEAD')) {
    ctx.set('Content-Type', FHIR_JSON);
    ctx.body = shown(options.capabilities, ctx);
    return;
  }
  if (path === 'metadata') {
    throw new FhirError(
      405,
      { code: 'not-supported', diagnostics: 'The CapabilityStatement is read.' },
      { Allow: 'GET, HEAD' },
    );
  }
  const principal = await options.authenticate(ctx.get('Authorization') || undefined);
  const match = matchOrThrow(ctx.method, path);
  const request = await readRequest(ctx, match, query, principal, requestId, options);
  const response = await options.dispatcher.run(match, request, ctx.ip);
  ctx.status = response.status;
  ctx.set(response.headers);
  if (response.body === undefined || response.body.length === 0) {
    ctx.body = null;
    ctx.status = response.status;
    return;
  }
  ctx.set('Content-Type', FHIR_JSON);
  ctx.body = shown(response.body, ctx);
}

/** A body as it goes out. */
function shown(body: Uint8Array | string, { querystring }: Context): Buffer | string {
  if (asksForPretty(querystring)) return pretty(body);
  return typeof body === 'string' ? body : Buffer.from(body.buffer, body.byteOffset, body.length);
}

async function readRequest(
  ctx: Context,
  match: RouteMatch,
  urlQuery: FhirRequest['query'],
  principal: Principal,
  requestId: string,
  { services, maxBody }: FhirAppOptions,
): Promise<FhirRequest> {
  const form = match.route.path.endsWith('_search');
  const hasBody = ctx.method === 'POST' || ctx.method === 'PUT' || ctx.method === 'PATCH';
  let given: Pick<FhirRequest, 'body' | 'jsonPatch'> = {};
  let query = urlQuery;
  if (hasBody && form) {
    if (!ctx.is('application/x-www-form-urlencoded')) {
      throw new FhirError(415, {
        code: 'not-supported',
        diagnostics: 'A search is posted as application/x-www-form-urlencoded.',
      });
    }
    query = [...urlQuery, ...queryPairs((await readBody(ctx.req, maxBody)).toString('utf8'))];
  } else if (hasBody && (match.route.interaction !== 'operation' || hasContent(ctx))) {
    const type = ctx.get('Content-Type') || undefined;
    const takesPatch = ctx.method === 'PATCH' && isJsonPatch(type);
    if (!takesPatch) assertJsonBody(type);
    const bytes = await readBody(ctx.req, maxBody);
    given = takesPatch ? { jsonPatch: parseDocument(bytes) } : { body: asBody(parseJson(bytes)) };
  }
  const header = (name: string) => ctx.get(name) || undefined;
  const ifMatch = header('If-Match');
  const ifNoneMatch = header('If-None-Match');
  const ifModifiedSince = header('If-Modified-Since');
  // Empty criteria are a mistake, and not the same as none.
  const ifNoneExist = ctx.req.headers['if-none-exist']?.toString();
  const idempotencyKey = header('Idempotency-Key');
  return {
    ...pathOf(match),
    query,
    prefer: parsePrefer(header('Prefer')),
    principal,
    now: services.clock(),
    requestId,
    trail: new AuditTrail(),
    ...given,
    ...(ifMatch !== undefined && { ifMatch }),
    ...(ifNoneMatch !== undefined && { ifNoneMatch }),
    ...(ifModifiedSince !== undefined && { ifModifiedSince }),
    ...(ifNoneExist !== undefined && { ifNoneExist }),
    ...(idempotencyKey !== undefined && { idempotencyKey }),
  };
}

/** An operation may be posted without a body; a `Content-Length` of 0 says so as well. */
const hasContent = ({ req: { headers } }: Context): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
