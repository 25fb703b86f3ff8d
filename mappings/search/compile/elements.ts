import type { ElementDefinition, ElementType, StructureDefinition } from './definitions.ts';

/** A place in a resource or data type: an element's path and its one data type. */
export interface Element {
  path: string;
  type: string;
  /** Canonical URL, without version, of the value set that it is bound to. */
  valueSet?: string;
}

export interface Child extends Element {
  /** Name of the JSON property. */
  property: string;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

// Elements such as Observation.id have a type of FHIRPath's, with FHIR's own in an extension.
const typeName = (type: ElementType): string =>
  type.code.startsWith('http:')
    ? (type.extension?.find((extension) => extension.url.endsWith('structuredefinition-fhir-type'))
        ?.valueUrl ?? 'string')
    : type.code;

const isPrimitive = (type: string): boolean => /^[a-z]/.test(type);

/** The elements of R4's resources and data types: what an expression's steps can go to. */
export class Elements {
  readonly #byPath = new Map<string, ElementDefinition>();

  constructor(structures: readonly StructureDefinition[]) {
    for (const structure of structures)
      for (const element of structure.snapshot.element) this.#byPath.set(element.path, element);
  }

  /** The element of that name below another, once for each type of a choice; empty if there is none. */
  children(of: Element, name: string): Child[] {
    const path = `${this.#container(of)}.${name}`;
    const single = this.#byPath.get(path);
    if (single !== undefined) return this.#typed(single, () => name);
    const choice = this.#byPath.get(`${path}[x]`);
    return choice === undefined ? this.#ofChoice(path) : this.#typed(choice, (type) => name + capital(type));
  }

  /** `valueDateTime`, the name of a JSON property, which guides write though an expression should not. */
  #ofChoice(path: string): Child[] {
    const name = path.slice(path.lastIndexOf('.') + 1);
    for (let end = path.length - 1; end > path.length - name.length; end--) {
      const choice = this.#byPath.get(`${path.slice(0, end)}[x]`);
      const plain = path.slice(path.lastIndexOf('.') + 1, end);
      if (choice !== undefined)
        return this.#typed(choice, (type) => plain + capital(type)).filter(
          ({ property }) => property === name,
        );
    }
    return [];
  }

  /** Whether `type` is what an expression names: R4 writes `DateTime` once, for `dateTime`. */
  static isType(type: string, named: string): boolean {
    return type === named || (isPrimitive(type) && type.toLowerCase() === named.toLowerCase());
  }

  #container(element: Element): string {
    const inline = element.type === 'BackboneElement' || element.type === 'Element';
    return inline ? element.path : element.type;
  }

  #typed(definition: ElementDefinition, property: (type: string) => string): Child[] {
    const { path, contentReference } = definition;
    if (contentReference !== undefined) {
      // The same structure again, defined elsewhere: `#Bundle.link`.
      const target = contentReference.slice(contentReference.indexOf('#') + 1);
      return [{ path: target, type: 'BackboneElement', property: property('') }];
    }
    const valueSet = definition.binding?.valueSet?.split('|')[0];
    return (definition.type ?? []).map((each) => {
      const type = typeName(each);
      return { path, type, property: property(type), ...(valueSet !== undefined && { valueSet }) };
    });
  }
}
