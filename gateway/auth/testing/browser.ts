/** A page as a browser without scripts holds it. */
export interface Page {
  url: string;
  status: number;
  headers: Headers;
  html: string;
  form?: Form;
}

export interface Form {
  action: string;
  inputs: { name: string; value: string; type: string; checked: boolean }[];
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&amp;': '&',
};
const unescape = (text: string): string =>
  text.replace(/&(lt|gt|quot|#39|amp);/g, (entity) => ENTITIES[entity] ?? entity);
const attribute = (tag: string, name: string): string | undefined => {
  const value = new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1];
  return value === undefined ? undefined : unescape(value);
};

function formOf(html: string, url: string): Form | undefined {
  const [, head, content] = /<form([^>]*)>([\s\S]*?)<\/form>/.exec(html) ?? [];
  if (head === undefined || content === undefined) return undefined;
  return {
    action: new URL(attribute(head, 'action') ?? '', url).href,
    inputs: [...content.matchAll(/<input([^>]*)>/g)].map(([, tag = '']) => ({
      name: attribute(tag, 'name') ?? '',
      value: attribute(tag, 'value') ?? 'on',
      type: attribute(tag, 'type') ?? 'text',
      checked: /\schecked(\s|$)/.test(tag),
    })),
  };
}

/** Follows redirects on one site with its cookies, until there is a page, or a redirect that leaves the site. */
export class Browser {
  readonly site: string;
  readonly cookies = new Map<string, { value: string; path: string }>();
  readonly setCookies: string[] = [];

  constructor(site: string) {
    this.site = site;
  }

  /** Answers a page, or the URL of the redirect that leaves the site. */
  async open(url: string, init: RequestInit = {}): Promise<Page | URL> {
    let request = init;
    for (let at = url, hops = 0; hops < 10; hops += 1) {
      const response = await fetch(at, {
        ...request,
        redirect: 'manual',
        headers: { ...request.headers, ...this.#cookie(at) },
      });
      this.#keep(response);
      const location = response.headers.get('location');
      if (location === null) {
        const html = await response.text();
        const form = formOf(html, at);
        return { url: at, status: response.status, headers: response.headers, html, ...(form && { form }) };
      }
      const next = new URL(location, at);
      if (next.origin !== this.site) return next;
      at = next.href;
      request = {};
    }
    throw new Error('too many redirects');
  }

  /** Sends the page's form as it stands, with `values` set; checkboxes are kept by `ticked`. */
  async submit(
    page: Page,
    values: Record<string, string>,
    ticked: (value: string) => boolean = () => true,
    headers: Record<string, string> = {},
  ): Promise<Page | URL> {
    if (!page.form) throw new Error(`no form on ${page.url}: ${page.html}`);
    const body = new URLSearchParams();
    for (const { name, value, type, checked } of page.form.inputs) {
      if (type === 'checkbox' ? checked && ticked(value) : type === 'hidden') body.append(name, value);
    }
    for (const [name, value] of Object.entries(values)) body.append(name, value);
    return this.open(page.form.action, { method: 'POST', body, headers });
  }

  #cookie(url: string): Record<string, string> {
    const { pathname } = new URL(url);
    const own = [...this.cookies].filter(
      ([, { path }]) => pathname === path || pathname.startsWith(path.replace(/\/?$/, '/')),
    );
    return own.length > 0
      ? { cookie: own.map(([name, { value }]) => `${name.split('@')[0]}=${value}`).join('; ') }
      : {};
  }

  #keep(response: Response): void {
    for (const line of response.headers.getSetCookie()) {
      this.setCookies.push(line);
      const [pair = '', ...attributes] = line.split(/;\s*/);
      const equals = pair.indexOf('=');
      const path = attributes.find((text) => text.toLowerCase().startsWith('path='))?.slice(5) ?? '/';
      const expires = attributes.find((text) => text.toLowerCase().startsWith('expires='))?.slice(8);
      const key = `${pair.slice(0, equals)}@${path}`;
      if (expires !== undefined && Date.parse(expires) < Date.now()) this.cookies.delete(key);
      else this.cookies.set(key, { value: pair.slice(equals + 1), path });
    }
  }
}
