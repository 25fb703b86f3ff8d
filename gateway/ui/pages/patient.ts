import { html } from './html.ts';
import type { Page } from './layout.ts';

export interface PatientPage {
  app: string;
  action: string;
  problem?: string;
  formTargets: readonly string[];
}

/** Asks a user who is no patient whose record the app is to work on. */
export function patientPage({ app, action, problem, formTargets }: PatientPage): Page {
  return {
    title: 'Choose a patient',
    formTargets,
    content: html`<h1>Whose record?</h1>
      <p class="soft"><strong>${app}</strong> works on the record of one patient.</p>
      ${problem === undefined ? undefined : html`<p class="alarm" role="alert">${problem}</p>`}
      <form method="post" action="${action}">
        <label class="field" for="patient">Patient's id</label>
        <input
          id="patient"
          name="patient"
          required
          maxlength="72"
          autocomplete="off"
          autocapitalize="none"
          spellcheck="false"
          autofocus
        />
        <div class="buttons"><button class="main" type="submit">Continue</button></div>
      </form>`,
  };
}
