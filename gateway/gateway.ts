import Koa from 'koa';
import type { AdmissionFigures } from './admission/index.ts';
import { Dispatcher, type Audit } from './fhir/dispatch.ts';
import { capabilityStatement } from './fhir/capabilities.ts';
import { compressed } from './fhir/http/compressed.ts';
import { fhirApp, type Authenticate } from './fhir/http/fhir-app.ts';
import { healthRoutes } from './health.ts';
import { Metrics } from './metrics.ts';
import type { Services } from './services.ts';

const FHIR = '/fhir/R4';

export interface GatewayDeps {
  services: Services;
  audit: Audit;
  authenticate: Authenticate;
  /** Rejects while ledger, index or accounts are not usable. */
  ready: () => Promise<void>;
  baseUrl: string;
  version: string;
  /** Bytes that a body may have. */
  maxBody: number;
  /** Proxies in front whose X-Forwarded-For is believed; none by default. */
  trustedProxies?: number;
  /** What stands before all this says of itself, for the metrics. */
  admitted?: () => AdmissionFigures;
  /** What is served besides FHIR: login and token endpoints, pages. They pass on what is not theirs. */
  middleware?: readonly Koa.Middleware[];
}

/** The gateway as a Koa app that does not listen yet. */
export function createGateway(deps: GatewayDeps): Koa {
  const {
    services,
    audit,
    authenticate,
    baseUrl,
    version,
    maxBody,
    trustedProxies = 0,
    middleware = [],
  } = deps;
  const app = new Koa({ proxy: trustedProxies > 0, maxIpsCount: trustedProxies });
  const metrics = new Metrics(services.freshness, deps.admitted);
  app.on('error', (error: unknown) => services.onFailure(error, ''));
  const fhir = fhirApp({
    dispatcher: new Dispatcher(services, audit, metrics),
    services,
    authenticate,
    capabilities: capabilityStatement({
      fhirBase: services.fhirBase,
      baseUrl,
      version,
      date: new Date(services.clock()).toISOString(),
    }),
    maxBody,
  });
  app.use(healthRoutes(deps.ready, metrics));
  for (const one of middleware) app.use(one);
  app.use(async (ctx, next) => {
    if (ctx.path !== FHIR && !ctx.path.startsWith(`${FHIR}/`)) return next();
    return compressed(ctx, () => fhir(ctx, decodePath(ctx.path.slice(FHIR.length + 1))));
  });
  return app;
}

/** A path with the escapes in its segments undone, without a slash at its end; what is malformed matches no route. */
function decodePath(path: string): string {
  const plain = path.replace(/\/$/, '');
  if (!plain.includes('%')) return plain;
  try {
    const segments = plain.split('/').map(decodeURIComponent);
    return segments.some((segment) => segment.includes('/')) ? path : segments.join('/');
  } catch {
    return path;
  }
}
