import { Client } from 'fhir-kit-client';
import { bundleOf, resourceOf, send, type Answer } from './answer.ts';
import type { Bundle, Resource } from './resource.ts';
import { HOSPITAL, type Target } from './target.ts';

/** Somebody who holds a token: a person in an app, or a system. */
export class Session {
  readonly token: string;
  /** `Patient/5`, `Practitioner/2`; empty for a system. */
  readonly fhirUser: string;
  /** The gateway that takes the token. */
  readonly target: Target;
  /** A FHIR library's client with the token, for what should succeed. */
  readonly fhir: Client;

  constructor(token: string, fhirUser = '', target = HOSPITAL) {
    this.token = token;
    this.fhirUser = fhirUser;
    this.target = target;
    this.fhir = new Client({ baseUrl: target.fhirBase, bearerToken: token });
  }

  /** A request below the FHIR base, or at an absolute URL that the server gave; a body that is no string goes as JSON. */
  async request(
    method: string,
    path: string,
    body?: object | string,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    return send(path.startsWith('http') ? path : `${this.target.fhirBase}/${path}`.replace(/\/$/, ''), {
      method,
      headers: {
        Authorization: `Bearer ${this.token}`,
        ...(body !== undefined && { 'Content-Type': 'application/fhir+json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  }

  async get(path: string): Promise<Answer> {
    return this.request('GET', path);
  }

  /** Creates a resource; throws the answer when it was refused. */
  async create(resource: Resource): Promise<Resource & { id: string }> {
    const answer = await this.request('POST', resource.resourceType, resource);
    if (answer.status !== 201)
      throw new Error(`POST ${resource.resourceType}: ${answer.status} ${answer.text}`);
    return resourceOf<Resource & { id: string }>(answer);
  }

  /** Every page of a search, a history or `$everything`, as the server links them. */
  async pages(path: string): Promise<Bundle[]> {
    const pages: Bundle[] = [];
    for (let next: string | undefined = path; next !== undefined;) {
      const page: Bundle = bundleOf(await this.get(next));
      pages.push(page);
      next = page.link?.find(({ relation }) => relation === 'next')?.url;
    }
    return pages;
  }

  /** What a search finds, all pages of it: matches and what they bring along. */
  async find(path: string): Promise<(Resource & { id: string })[]> {
    return (await this.pages(path)).flatMap(({ entry = [] }) =>
      entry.flatMap(({ resource }) => (resource ? [resource as Resource & { id: string }] : [])),
    );
  }
}
