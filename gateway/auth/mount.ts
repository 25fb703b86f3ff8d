import type { Context, DefaultState, Middleware } from 'koa';
import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { allowAnyOrigin } from './cors.ts';
import { INTERACTION_PATH, ROUTES } from './endpoints.ts';
import { serveInteraction, type InteractionParts } from './interactions.ts';
import { takePostedRequest } from './posted-request.ts';
import { replaceScriptedLogout } from './provider-pages.ts';
import { smartConfiguration } from './smart-configuration.ts';

const DISCOVERY = ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server'];

/** `offline_access` is granted on the authorisation page, which OpenID asks for by `prompt`; SMART apps don't send it. */
function askForConsent(ctx: Context): void {
  const { prompt } = ctx.query;
  if (Array.isArray(prompt) || prompt === 'none' || prompt?.split(' ').includes('consent')) return;
  ctx.query = { ...ctx.query, prompt: prompt ? `${prompt} consent` : 'consent' };
}

/** Answers true when the method is none for reading, or asks for the methods, and is done. */
function onlyReads(ctx: Context): boolean {
  if (ctx.method === 'GET' || ctx.method === 'HEAD') return false;
  ctx.status = ctx.method === 'OPTIONS' ? 204 : 405;
  ctx.set('Allow', 'GET, HEAD, OPTIONS');
  return true;
}

/** What we add to oidc-provider's answers, around it. */
function addToAnswers(provider: Provider): void {
  provider.use<DefaultState, Pick<KoaContextWithOIDC, 'oidc'>>(async (ctx, next) => {
    ctx.set('X-Content-Type-Options', 'nosniff');
    if (ctx.path === ROUTES.authorization) askForConsent(ctx);
    await next();
    // Only its own routes have it.
    if (!('oidc' in ctx)) return;
    const { oidc } = ctx;
    if (oidc.route === 'token' && ctx.status === 200 && typeof ctx.body === 'object') {
      const patient: unknown = oidc.entities.AccessToken?.extra?.patient;
      if (typeof patient === 'string') ctx.body = { ...ctx.body, patient };
    } else if (oidc.route === 'discovery' && typeof ctx.body === 'object') {
      ctx.body = { ...ctx.body, response_modes_supported: ['query'] };
    } else replaceScriptedLogout(ctx);
  });
}

/**
 * Everything of the authorization server as one middleware: put it before whatever reads bodies. It also answers CORS
 * for the FHIR base and its SMART configuration; every other path goes on.
 */
export function mountAuth(parts: InteractionParts): Middleware {
  const { provider, baseUrl, fhirBase } = parts;
  addToAnswers(provider);
  const callback = provider.callback();
  const { host, protocol } = new URL(baseUrl);
  const fhirPath = new URL(fhirBase).pathname;

  return async (ctx, next) => {
    const { path } = ctx;
    if (path === fhirPath || path.startsWith(`${fhirPath}/`)) {
      if (allowAnyOrigin(ctx)) return;
      if (path !== `${fhirPath}/.well-known/smart-configuration`) {
        await next();
        return;
      }
      if (onlyReads(ctx)) return;
      ctx.body = smartConfiguration(baseUrl);
      ctx.set('Cache-Control', 'public, max-age=300');
      return;
    }
    const own = path.startsWith('/oauth/') || DISCOVERY.includes(path);
    if (!own) {
      await next();
      return;
    }
    const preflight = ctx.method === 'OPTIONS' && ctx.get('Access-Control-Request-Method') !== '';
    if (DISCOVERY.includes(path) && !preflight && onlyReads(ctx)) return;
    // Links and cookies follow BASE_URL and never the Host header of a request.
    Object.assign(ctx.req.headers, { 'x-forwarded-host': host, 'x-forwarded-proto': protocol.slice(0, -1) });
    if (path.startsWith(`${INTERACTION_PATH}/`)) {
      await serveInteraction(ctx, parts);
      return;
    }
    if (path === ROUTES.authorization && ctx.method === 'POST' && (await takePostedRequest(ctx))) return;
    ctx.respond = false;
    await callback(ctx.req, ctx.res);
  };
}
