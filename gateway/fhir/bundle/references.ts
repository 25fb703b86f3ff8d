import { references, rewriteReferences } from '@fhir-fabric-gateway/mappings';
import type { Services } from '../../services.ts';
import { FhirError } from '../errors.ts';
import type { FhirRequest, RequestBody } from '../request.ts';
import { matchOne } from '../write/conditional.ts';
import { mapBody } from '../write/draft.ts';
import type { BundleRequest } from './entries.ts';

const RESTFUL = /^(https?:\/\/.+\/)[A-Z][A-Za-z]+\/[A-Za-z0-9.-]{1,64}$/;
const CONDITIONAL = /^([A-Z][A-Za-z]+)\?(.+)$/;

/**
 * How references inside a transaction are read: by fullUrl (`urn:uuid:...` or an absolute URL; a relative reference is
 * relative to the fullUrl of the entry that it stands in), and by search for conditional references.
 * https://hl7.org/fhir/R4/http.html#trules, https://hl7.org/fhir/R4/bundle.html#references
 */
export class TransactionReferences {
  readonly #byUrl = new Map<string, string>();
  readonly #conditional = new Map<string, Promise<string>>();

  /** The entry with this fullUrl is, or will be, `reference`. */
  define(fullUrl: string | undefined, reference: string): void {
    if (fullUrl !== undefined) this.#byUrl.set(fullUrl, reference);
  }

  /** The entry's body with its references resolved. Throws 412 when a conditional reference does not match just one. */
  async rewrite(
    entry: BundleRequest & { body: RequestBody },
    request: FhirRequest,
    services: Services,
  ): Promise<RequestBody> {
    const resolved = new Map<string, string>();
    for (const { reference, path } of references(entry.body.resource)) {
      const [, type, query] = CONDITIONAL.exec(reference) ?? [];
      if (type === undefined || query === undefined || resolved.has(reference)) continue;
      resolved.set(reference, await this.#search(reference, type, query, path, request, services));
    }
    const base = RESTFUL.exec(entry.fullUrl ?? '')?.[1];
    const byUrl = (reference: string) =>
      this.#byUrl.get(reference) ?? (base === undefined ? undefined : this.#byUrl.get(base + reference));
    return mapBody(entry.body, (resource) =>
      rewriteReferences(resource, (reference) => resolved.get(reference) ?? byUrl(reference)),
    );
  }

  #search(
    reference: string,
    type: string,
    query: string,
    expression: string,
    request: FhirRequest,
    services: Services,
  ): Promise<string> {
    const known = this.#conditional.get(reference);
    if (known) return known;
    const found = matchOne(request, type, query, services).then((stored) => {
      if (stored) return `${type}/${stored.id}`;
      throw new FhirError(412, {
        code: 'not-found',
        diagnostics: `No ${type} matches the conditional reference.`,
        expression: [expression],
      });
    });
    this.#conditional.set(reference, found);
    return found;
  }
}
