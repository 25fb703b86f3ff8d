import { hash } from 'node:crypto';
import type { Context } from 'koa';
import { html, Html } from './html.ts';

const STYLE = `
:root { color-scheme: light dark; --ink: #1c2430; --soft: #566173; --line: #d5dbe3; --back: #eef2f6; --card: #fff;
  --accent: #0b5cad; --on-accent: #fff; --alarm: #a3161a; --alarm-back: #fdeeee; }
@media (prefers-color-scheme: dark) { :root { --ink: #e7ecf3; --soft: #a5b1c2; --line: #3a4657; --back: #10161f;
  --card: #1a2330; --accent: #7db7f5; --on-accent: #0b1420; --alarm: #ffb3b0; --alarm-back: #3b1a1c; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 30rem; margin: 8vh auto 2rem; padding: 2rem; background: var(--card); border: 1px solid var(--line);
  border-radius: .75rem; }
@media (max-width: 34rem) { body { background: var(--card); }
  main { margin: 0; padding: 1.5rem 1.25rem; border: 0; border-radius: 0; } }
h1 { margin: 0 0 .5rem; font-size: 1.5rem; line-height: 1.25; }
h1, p, li { overflow-wrap: anywhere; }
p { margin: 0 0 1rem; }
.soft { color: var(--soft); }
.after { margin: 1rem 0 0; font-size: .9rem; }
.alarm { padding: .75rem 1rem; border-radius: .5rem; background: var(--alarm-back); color: var(--alarm); }
label.field { display: block; margin-top: 1rem; font-weight: 600; }
input:not([type=checkbox]) { display: block; width: 100%; margin-top: .25rem; padding: .65rem .75rem; font: inherit;
  color: inherit; background: var(--card); border: 1px solid var(--soft); border-radius: .5rem; }
fieldset { min-width: 0; margin: 1.25rem 0 0; padding: 0; border: 0; }
legend { padding: 0; font-weight: 600; }
ul { margin: .5rem 0 0; padding: 0; list-style: none; }
li { border-top: 1px solid var(--line); }
li:first-child { border-top: 0; }
li label { display: grid; grid-template-columns: 1.5rem minmax(0, 1fr); gap: .25rem .5rem; padding: .65rem 0; cursor: pointer; }
li input { width: 1.15rem; height: 1.15rem; margin: .2rem 0 0; accent-color: var(--accent); }
code { grid-column: 2; font-size: .8rem; color: var(--soft); }
.buttons { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1.75rem; }
button { flex: 1 1 8rem; padding: .7rem 1rem; font: inherit; font-weight: 600; border-radius: .5rem; cursor: pointer;
  color: var(--accent); background: transparent; border: 1px solid var(--accent); }
button.main { color: var(--on-accent); background: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
`;

/** Apart from the page's template, whose blanks a formatter may change: the hash is of every character in between. */
const STYLE_ELEMENT = new Html(`<style>${STYLE}</style>`);
const STYLE_SOURCE = `'sha256-${hash('sha256', STYLE, 'base64')}'`;

export interface Page {
  title: string;
  content: Html;
  /** Origins, besides our own, that a form of this page may lead to in the end (a redirect counts). */
  formTargets?: readonly string[];
}

/** What a Content-Security-Policy calls the place that an app is sent back to: its origin, or its own scheme. */
export function formTarget(uri: string): string | undefined {
  const url = URL.parse(uri);
  return url ? (url.origin === 'null' ? url.protocol : url.origin) : undefined;
}

/** Sends a page that runs no script, loads nothing, is kept by no cache and shown in no frame. */
export function sendPage(
  ctx: Pick<Context, 'status' | 'type' | 'body' | 'set'>,
  status: number,
  page: Page,
): void {
  ctx.status = status;
  ctx.type = 'text/html; charset=utf-8';
  const targets = ["'self'", ...(page.formTargets ?? [])].join(' ');
  ctx.set({
    'Cache-Control': 'no-store',
    'Content-Security-Policy': `default-src 'none'; style-src ${STYLE_SOURCE}; form-action ${targets}; frame-ancestors 'none'; base-uri 'none'`,
    'X-Frame-Options': 'DENY',
    'X-Content-Type-Options': 'nosniff',
    // Not no-referrer: browsers would then send `Origin: null` with our own forms.
    'Referrer-Policy': 'same-origin',
  });
  ctx.body = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${page.title}</title>
        ${STYLE_ELEMENT}
      </head>
      <body>
        <main>${page.content}</main>
      </body>
    </html> `.toString();
}
