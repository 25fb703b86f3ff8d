import type { Context } from 'koa';
import { problemPage } from '../ui/pages/problem.ts';
import { sendPage } from '../ui/pages/layout.ts';
import { ROUTES } from './endpoints.ts';
import { readForm } from './form.ts';

/** What fits in a URL on the way through browsers and proxies. */
const LONGEST_URL = 6_000;

/**
 * An authorization request that is posted (OpenID Connect Core, section 3.1.2.1): the browser is sent on to the same
 * request by GET, since the session's cookie does not come along when another site posts. One that is too long for a URL
 * is taken as it stands, and its user logs in again. Answers true when the response is done.
 */
export async function takePostedRequest(ctx: Context): Promise<boolean> {
  const form = await readForm(ctx.req);
  if (!form) {
    const text = 'An authorization request is posted as application/x-www-form-urlencoded, up to 64 KB.';
    sendPage(ctx, 400, problemPage('This did not work', text, 'invalid_request'));
    return true;
  }
  const url = `${ROUTES.authorization}?${form.toString()}`;
  if (url.length > LONGEST_URL) {
    ctx.req.method = 'GET';
    ctx.req.url = url;
    return false;
  }
  ctx.status = 303;
  ctx.set('Cache-Control', 'no-store');
  ctx.redirect(url);
  return true;
}
