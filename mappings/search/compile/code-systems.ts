import type { CodeSystem, ValueSet } from './definitions.ts';

/** The system of the codes of a value set: one for all, or by code. */
export type ImplicitSystem = { system: string } | { systems: Record<string, string> };

const codes = (concepts: CodeSystem['concept'] = []): string[] =>
  concepts.flatMap((concept) => [concept.code, ...codes(concept.concept)]);

/**
 * For `code` elements, whose system is that of the bound value set and isn't written in the resource.
 * https://hl7.org/fhir/R4/search.html#token
 */
export class ImplicitSystems {
  readonly #valueSets: ReadonlyMap<string, ValueSet>;
  readonly #codeSystems: ReadonlyMap<string, CodeSystem>;

  constructor(valueSets: readonly ValueSet[], codeSystems: readonly CodeSystem[]) {
    this.#valueSets = new Map(valueSets.map((valueSet) => [valueSet.url, valueSet]));
    this.#codeSystems = new Map(codeSystems.map((codeSystem) => [codeSystem.url, codeSystem]));
  }

  /** Undefined if the value set isn't R4's own, takes in others, or doesn't list its codes. */
  of(valueSet: string): ImplicitSystem | undefined {
    const includes = this.#valueSets.get(valueSet)?.compose?.include ?? [];
    const systems = new Set(includes.map((include) => (include.valueSet ? undefined : include.system)));
    if (systems.size === 0 || systems.has(undefined)) return undefined;
    const [first] = systems;
    if (systems.size === 1) return first === undefined ? undefined : { system: first };
    const byCode: Record<string, string> = {};
    for (const { system, concept, filter } of includes) {
      if (system === undefined || filter !== undefined) return undefined;
      const listed = codes(concept ?? this.#codeSystems.get(system)?.concept);
      if (listed.length === 0) return undefined;
      for (const code of listed) byCode[code] ??= system;
    }
    return { systems: byCode };
  }
}
