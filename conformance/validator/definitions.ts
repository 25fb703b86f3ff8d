import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** An element of R4, as far as breaking it goes. */
export interface ElementDefinition {
  path: string;
  min: number;
  max: string;
  base?: { max: string };
  contentReference?: string;
  type?: { code: string; targetProfile?: string[]; extension?: { url: string; valueUrl?: string }[] }[];
  binding?: { strength: string };
}

/** What an element of an example is: its definition, the type that it has there, and where its children are defined. */
export interface Element {
  definition: ElementDefinition;
  type: string;
  children: string;
}

interface StructureDefinition {
  type: string;
  kind: string;
  derivation?: string;
  snapshot?: { element: ElementDefinition[] };
}

/** The folder of HL7's package of R4 examples, which holds R4's definitions as well. */
export const PACKAGE: string = dirname(
  createRequire(import.meta.url).resolve('hl7.fhir.r4.examples/package.json'),
);

const FHIR_TYPE = 'http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type';

/** R4's elements by path. */
export class Definitions {
  readonly #elements = new Map<string, ElementDefinition>();
  readonly #parents = new Set<string>();
  /** The names of choices, without `[x]`: value, effective, onset, ... */
  readonly choices = new Set<string>();
  readonly resourceTypes: string[] = [];

  constructor(folder = PACKAGE) {
    for (const file of readdirSync(folder)) {
      if (!/^StructureDefinition-.*\.json$/.test(file)) continue;
      const { type, kind, derivation, snapshot } = JSON.parse(
        readFileSync(join(folder, file), 'utf8'),
      ) as StructureDefinition;
      if (kind === 'logical' || derivation === 'constraint') continue;
      if (kind === 'resource') this.resourceTypes.push(type);
      for (const element of snapshot?.element ?? []) this.#add(element);
    }
  }

  #add(element: ElementDefinition): void {
    this.#elements.set(element.path, element);
    this.#parents.add(element.path.replace(/\.[^.]+$/, ''));
    const choice = /\.([A-Za-z]+)\[x\]$/.exec(element.path)?.[1];
    if (choice !== undefined) this.choices.add(choice);
  }

  /** The element that a member of a JSON object is; `parent`: where that object's children are defined. */
  find(parent: string, name: string): Element | undefined {
    const plain = this.#elements.get(`${parent}.${name}`);
    if (plain) return this.#element(plain, typeOf(plain));
    for (let at = name.length - 1; at > 0; at--) {
      const choice = this.#elements.get(`${parent}.${name.slice(0, at)}[x]`);
      const type = choice?.type?.find(({ code }) => code.toLowerCase() === name.slice(at).toLowerCase());
      if (choice && type) return this.#element(choice, type.code);
    }
    return undefined;
  }

  #element(definition: ElementDefinition, type: string): Element {
    const children =
      definition.contentReference?.slice(1) ?? (this.#parents.has(definition.path) ? definition.path : type);
    return { definition, type, children };
  }
}

const typeOf = ({ type: [type] = [] }: ElementDefinition): string =>
  type?.extension?.find(({ url }) => url === FHIR_TYPE)?.valueUrl ?? type?.code ?? '';
