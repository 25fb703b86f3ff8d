import compress from 'koa-compress';
import type { Context } from 'koa';

/** Shorter answers gain nothing. */
const SHORTEST = 1024;

const compressing = compress({
  threshold: SHORTEST,
  zstd: false,
  encodingPreference: ['br', 'gzip', 'deflate', 'identity'],
});

/**
 * Runs what answers a request, and compresses the answer as `Accept-Encoding` asks. Only for what a bearer token opens: what
 * a browser sends of its own accord could be guessed from the length of such answers (BREACH).
 */
export async function compressed(ctx: Context, answer: () => Promise<void>): Promise<void> {
  if (ctx.get('Accept-Encoding') === '') return answer();
  await compressing(ctx, answer);
}
