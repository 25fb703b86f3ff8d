import { html, type Html } from './html.ts';
import type { Page } from './layout.ts';

/**
 * Asks whether to log out.
 * @param form the form with its hidden fields, whose id is `op.logoutForm`
 */
export function logoutPage(form: Html, app: string | undefined, formTargets: readonly string[]): Page {
  return {
    title: 'Log out',
    formTargets,
    content: html`<h1>Log out?</h1>
      <p class="soft">
        ${app === undefined ? undefined : html`<strong>${app}</strong> asks to log you out. `}Apps that you
        allowed to keep access keep it; all others lose it.
      </p>
      ${form}
      <div class="buttons">
        <button class="main" type="submit" form="op.logoutForm" name="logout" value="yes">Log out</button>
        <button type="submit" form="op.logoutForm">Stay logged in</button>
      </div>`,
  };
}

/** Nobody is logged in here: nothing to ask, but the way back to the app is still a click, since no script runs. */
export function nobodyLoggedInPage(action: string, xsrf: string, formTargets: readonly string[]): Page {
  return {
    title: 'Logged out',
    formTargets,
    content: html`<h1>You are logged out</h1>
      <form method="post" action="${action}">
        <input type="hidden" name="xsrf" value="${xsrf}" /><input type="hidden" name="logout" value="yes" />
        <div class="buttons"><button class="main" type="submit">Continue</button></div>
      </form>`,
  };
}

export function loggedOutPage(): Page {
  return {
    title: 'Logged out',
    content: html`<h1>You are logged out</h1>
      <p class="soft">You can close this page.</p>`,
  };
}
