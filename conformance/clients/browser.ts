/** A form of a page, as somebody with a keyboard and no scripts has it. */
interface Form {
  action: string;
  inputs: { name: string; type: string; value: string }[];
}

interface Page {
  url: string;
  html: string;
}

const MOST_REDIRECTS = 10;

const unescape = (text: string): string =>
  text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

function attributes(tag: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, name = '', value = ''] of tag.matchAll(/([a-z-]+)(?:="([^"]*)")?/g))
    found.set(name, unescape(value));
  return found;
}

/** The one form of a page, by the fields that it must have. */
export function formOf({ url, html }: Page, ...fields: readonly string[]): Form {
  for (const [, head = '', inside = ''] of html.matchAll(/<form([^>]*)>(.*?)<\/form>/gs)) {
    const inputs = [...inside.matchAll(/<(?:input|button)\s([^>]*)>/g)].map(([, tag = '']) => {
      const own = attributes(tag);
      return { name: own.get('name') ?? '', type: own.get('type') ?? 'text', value: own.get('value') ?? '' };
    });
    if (fields.every((field) => inputs.some(({ name }) => name === field))) {
      return { action: new URL(attributes(head).get('action') ?? '', url).href, inputs };
    }
  }
  throw new Error(`${url} has no form with ${fields.join(', ')}: ${html.slice(0, 500)}`);
}

/** A browser without scripts: it keeps cookies, follows redirects and sends forms. */
export class Browser {
  readonly #cookies = new Map<string, { name: string; value: string; path: string }>();

  /** Goes there and on to where it is sent; stops before `until`, which is the app's own address. */
  async open(url: string, until: string): Promise<Page | { arrived: URL }> {
    return this.#follow(url, { method: 'GET' }, until);
  }

  async submit(form: Form, fields: readonly (readonly [string, string])[], until: string) {
    const body = new URLSearchParams(fields.map(([name, value]): [string, string] => [name, value]));
    const headers = { Origin: new URL(form.action).origin };
    return this.#follow(form.action, { method: 'POST', body, headers }, until);
  }

  async #follow(start: string, first: RequestInit, until: string): Promise<Page | { arrived: URL }> {
    let url = start;
    let init = first;
    for (let hop = 0; hop < MOST_REDIRECTS; hop++) {
      if (url.startsWith(until)) return { arrived: new URL(url) };
      const response = await fetch(url, {
        ...init,
        redirect: 'manual',
        headers: { Accept: 'text/html', ...init.headers, Cookie: this.#cookiesFor(url) },
      });
      this.#keep(response.headers.getSetCookie());
      const html = await response.text();
      const location = response.headers.get('location');
      if (location === null) return { url, html };
      url = new URL(location, url).href;
      init = { method: 'GET' };
    }
    throw new Error(`too many redirects from ${start}`);
  }

  #keep(lines: readonly string[]): void {
    for (const line of lines) {
      const [pair = '', ...rest] = line.split(/;\s*/);
      const at = pair.indexOf('=');
      const name = pair.slice(0, at);
      const option = (wanted: string) =>
        rest.find((part) => part.toLowerCase().startsWith(`${wanted}=`))?.slice(wanted.length + 1);
      const path = option('path') ?? '/';
      const expired = Date.parse(option('expires') ?? '') < Date.now() || option('max-age') === '0';
      if (expired) this.#cookies.delete(`${path} ${name}`);
      else this.#cookies.set(`${path} ${name}`, { name, value: pair.slice(at + 1), path });
    }
  }

  #cookiesFor(url: string): string {
    const { pathname } = new URL(url);
    return [...this.#cookies.values()]
      .filter(({ path }) => pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
  }
}
