import type { Middleware } from 'koa';
import type { Metrics } from './metrics.ts';

/** `/healthz`: the process lives. `/readyz`: it can serve. `/metrics`: for Prometheus. */
export function healthRoutes(ready: () => Promise<void>, { registry }: Metrics): Middleware {
  return async (ctx, next) => {
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') return next();
    switch (ctx.path) {
      case '/healthz':
        ctx.body = 'ok\n';
        return;
      case '/readyz':
        try {
          await ready();
          ctx.body = 'ready\n';
        } catch {
          ctx.status = 503;
          ctx.set('Retry-After', '2');
          ctx.body = 'not ready\n';
        }
        return;
      case '/metrics':
        ctx.type = registry.contentType;
        ctx.body = await registry.metrics();
        return;
      default:
        return next();
    }
  };
}
