import type { JsonObject } from '../resource.ts';
import type { Step } from './element-path.ts';

/**
 * The references inside one resource that point at what it contains: `#id`, and `#` for the resource itself. Contained
 * resources share the scope of their container. That each of them is referred to (dom-3) isn't asked for: HL7's own
 * examples and many systems contain more than they name. https://hl7.org/fhir/R4/references.html#contained
 */
export class ContainedScope {
  readonly #ids = new Set<string>();
  readonly #references: { id: string; steps: readonly Step[] }[] = [];
  /** An id that two contained resources have. */
  readonly repeatedId: string | undefined;

  constructor(container: JsonObject) {
    const contained = container['contained'];
    let repeated: string | undefined;
    for (const resource of Array.isArray(contained) ? contained : []) {
      if (typeof resource !== 'object' || resource === null || Array.isArray(resource)) continue;
      const id = resource['id'];
      if (typeof id !== 'string') continue;
      if (this.#ids.has(id)) repeated = id;
      this.#ids.add(id);
    }
    this.repeatedId = repeated;
  }

  refer(id: string, steps: readonly Step[]): void {
    if (id !== '' && !this.#ids.has(id)) this.#references.push({ id, steps });
  }

  /** Where references stand that name nothing contained. */
  *unresolved(): Iterable<readonly Step[]> {
    for (const { steps } of this.#references) yield steps;
  }
}
