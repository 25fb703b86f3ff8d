import { html } from './html.ts';
import type { Page } from './layout.ts';
import { scopeWords } from './scope-words.ts';

export interface AuthorizePage {
  app: string;
  action: string;
  /** Who is logged in. */
  user: string;
  /** Whose record `patient/` scopes are about, in words: `your record`, `the record of patient 7`. */
  record: string;
  /** The scopes that can be granted, each on its own. */
  scopes: readonly string[];
  /** The host that the answer goes to. */
  returnsTo: string;
  formTargets: readonly string[];
}

export function authorizePage({
  app,
  action,
  user,
  record,
  scopes,
  returnsTo,
  formTargets,
}: AuthorizePage): Page {
  const row = (scope: string, at: number) =>
    html`<li>
      <label for="scope-${at}">
        <input type="checkbox" id="scope-${at}" name="scope" value="${scope}" checked />
        <span>${scopeWords(scope, record)}</span><code>${scope}</code></label
      >
    </li> `;
  return {
    title: `Authorise ${app}`,
    formTargets,
    content: html`<h1>May ${app} do this?</h1>
      <p class="soft">You are logged in as <strong>${user}</strong>. Untick what it may not do.</p>
      <form method="post" action="${action}">
        <fieldset>
          <legend>${app} asks to</legend>
          <ul>
            ${scopes.map(row)}
          </ul>
        </fieldset>
        <p class="soft after">The answer goes to ${returnsTo}.</p>
        <div class="buttons">
          <button class="main" type="submit" name="decision" value="allow">Allow</button>
          <button type="submit" name="decision" value="deny">Deny</button>
        </div>
      </form>`,
  };
}
