import type { ErrorOut, KoaContextWithOIDC } from 'oidc-provider';
import { Html } from '../ui/pages/html.ts';
import { formTarget, sendPage } from '../ui/pages/layout.ts';
import { loggedOutPage, logoutPage, nobodyLoggedInPage } from '../ui/pages/logout.ts';
import { problemPage } from '../ui/pages/problem.ts';

function logoutTargets(ctx: KoaContextWithOIDC): string[] {
  const uri = ctx.oidc.params?.post_logout_redirect_uri;
  const target = typeof uri === 'string' ? formTarget(uri) : undefined;
  return target === undefined ? [] : [target];
}

/** The page that asks whether to log out; `form` is oidc-provider's, with its token against forgery. */
export function renderLogout(ctx: KoaContextWithOIDC, form: string): void {
  sendPage(ctx, 200, logoutPage(new Html(form), ctx.oidc.client?.clientName, logoutTargets(ctx)));
}

/**
 * oidc-provider answers a logout without a session by a form that a script submits. Ours runs no script: it has a button.
 * Call it after the provider; it changes nothing but that answer.
 */
export function replaceScriptedLogout(ctx: KoaContextWithOIDC): void {
  const { route, session } = ctx.oidc;
  const secret: unknown = session?.state?.secret;
  if (route !== 'end_session' || session?.accountId !== undefined || ctx.status !== 200) return;
  if (typeof secret !== 'string') return;
  sendPage(ctx, 200, nobodyLoggedInPage(ctx.oidc.urlFor('end_session_confirm'), secret, logoutTargets(ctx)));
}

export function renderLoggedOut(ctx: KoaContextWithOIDC): void {
  sendPage(ctx, 200, loggedOutPage());
}

/** Errors that can't be sent back to the app: it, or where it wants people sent, is not known. */
export function renderError(ctx: KoaContextWithOIDC, out: ErrorOut): void {
  const page = problemPage(
    'This did not work',
    'The app that sent you here asked for something that can’t be done. Go back to it and start again.',
    out.error_description === undefined ? out.error : `${out.error}: ${out.error_description}`,
  );
  sendPage(ctx, ctx.status, page);
}
