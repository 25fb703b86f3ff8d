import type { JsonObject } from '../resource.ts';
import type { Step } from './element-path.ts';

/**
 * What one resource contains, and the references inside it that point at that: `#id`, and `#` for the resource itself.
 * Contained resources share the scope of their container. https://hl7.org/fhir/R4/references.html#contained
 */
export class ContainedScope {
  readonly #ids = new Map<string, number>();
  readonly #references: { id: string; steps: readonly Step[] }[] = [];
  readonly #named = new Set<string>();
  readonly #nameless: number[] = [];
  /** An id that two contained resources have. */
  readonly repeatedId: string | undefined;
  /** The contained resource that is being walked through. */
  inside: string | undefined;

  constructor(container: JsonObject) {
    const contained = container['contained'];
    let repeated: string | undefined;
    for (const [index, resource] of Array.isArray(contained) ? contained.entries() : []) {
      if (typeof resource !== 'object' || resource === null || Array.isArray(resource)) continue;
      const id = resource['id'];
      if (typeof id !== 'string') {
        this.#nameless.push(index);
        continue;
      }
      if (this.#ids.has(id)) repeated = id;
      this.#ids.set(id, index);
    }
    this.repeatedId = repeated;
  }

  refer(id: string, steps: readonly Step[]): void {
    if (id !== '' && !this.#ids.has(id)) this.#references.push({ id, steps });
  }

  /** A text `#id` stands somewhere, be it a reference or a canonical; without an id, it names the container. */
  mention(id: string): void {
    if (id !== '') this.#named.add(id);
    else if (this.inside !== undefined) this.#named.add(this.inside);
  }

  /** Where references stand that name nothing contained. */
  *unresolved(): Iterable<readonly Step[]> {
    for (const { steps } of this.#references) yield steps;
  }

  /** dom-3: the places of those that nothing refers to, and that don't refer to their container. */
  *orphans(): Iterable<number> {
    yield* this.#nameless;
    for (const [id, index] of this.#ids) if (!this.#named.has(id)) yield index;
  }
}
