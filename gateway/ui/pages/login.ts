import { html } from './html.ts';
import type { Page } from './layout.ts';

export interface LoginPage {
  /** Who asks for the login. */
  app: string;
  /** Where the form goes. */
  action: string;
  /** What was typed before, or what the app expects. */
  username?: string;
  /** Why the last attempt did not work. */
  problem?: string;
  formTargets: readonly string[];
}

export function loginPage({ app, action, username, problem, formTargets }: LoginPage): Page {
  const described = problem === undefined ? undefined : html`aria-describedby="problem"`;
  return {
    title: problem === undefined ? 'Log in' : 'Log in: try again',
    formTargets,
    content: html`<h1>Log in</h1>
      <p class="soft">to continue to <strong>${app}</strong></p>
      ${problem === undefined ? undefined : html`<p class="alarm" role="alert" id="problem">${problem}</p>`}
      <form method="post" action="${action}">
        <label class="field" for="username">E-mail address</label>
        <input
          id="username"
          name="username"
          type="email"
          autocomplete="username"
          required
          maxlength="254"
          autocapitalize="none"
          spellcheck="false"
          value="${username}"
          ${described}
          ${username === undefined ? html` autofocus` : undefined}
        />
        <label class="field" for="password">Password</label>
        <input
          id="password"
          name="password"
          type="password"
          autocomplete="current-password"
          required
          ${described}
          ${username === undefined ? undefined : html` autofocus`}
        />
        <div class="buttons"><button class="main" type="submit">Log in</button></div>
      </form>`,
  };
}
