import { html } from './html.ts';
import type { Page } from './layout.ts';

/** Something went wrong and there is no app to go back to. `code` is for whoever develops the app. */
export function problemPage(title: string, explanation: string, code?: string): Page {
  return {
    title,
    content: html`<h1>${title}</h1>
      <p role="alert">${explanation}</p>
      ${code === undefined ? undefined : html`<p class="soft">${code}</p>`}`,
  };
}
