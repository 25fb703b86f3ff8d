import type { Context } from 'koa';

const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS';
const EXPOSED =
  'ETag, Last-Modified, Location, Content-Location, Retry-After, WWW-Authenticate, X-Request-Id';

/**
 * Lets apps of any origin call the FHIR API from a browser. Requests carry a bearer token and never a cookie, so no page
 * gains anything by it that it does not hold the token for. Answers true when the request was a preflight, and is done.
 */
export function allowAnyOrigin(ctx: Pick<Context, 'get' | 'set' | 'vary' | 'method' | 'status'>): boolean {
  ctx.vary('Origin');
  if (ctx.get('Origin') === '') return false;
  ctx.set({ 'Access-Control-Allow-Origin': '*', 'Access-Control-Expose-Headers': EXPOSED });
  if (ctx.method !== 'OPTIONS' || ctx.get('Access-Control-Request-Method') === '') return false;
  ctx.set('Access-Control-Allow-Methods', METHODS);
  ctx.set(
    'Access-Control-Allow-Headers',
    ctx.get('Access-Control-Request-Headers') || 'Authorization, Content-Type',
  );
  ctx.set('Access-Control-Max-Age', '3600');
  ctx.status = 204;
  return true;
}
