import type { SearchParameterType } from './values.ts';

/**
 * One step down a resource's JSON:
 * - a string goes to that property (a list goes on with each of its items)
 * - `index` keeps one item of a list
 * - `where` keeps elements whose property has a fixed value
 * - `resolvesTo` keeps references to resources of one type
 */
export type Step = string | { index: number } | { where: string; is: string } | { resolvesTo: string };

/** Where a parameter finds values of one data type. */
export interface Path {
  steps: readonly Step[];
  /** FHIR data type of what is found there. */
  type: string;
  /** For `code`: the system of all codes of the bound value set. */
  system?: string;
  /** For `code` whose value set mixes systems: code → system. */
  systems?: Readonly<Record<string, string>>;
  /** In a component of a composite: starts at the resource, not at the repetition (`%resource`). */
  fromResource?: true;
  /** Instead of what is found: whether anything is, apart from the value `unless`. */
  exists?: { unless?: boolean };
}

/** A component of a composite: number of the parameter in its own right (0 if it has none here), and its paths. */
export interface ComponentRow {
  number: number;
  url: string;
  code: string;
  type: SearchParameterType;
  targets?: readonly string[];
  paths: readonly Path[];
}

/** A search parameter of one type, as the build writes it. */
export interface ParameterRow extends ComponentRow {
  components?: readonly ComponentRow[];
}

/** The generated file. */
export interface ParameterTable {
  /** Resource type → its parameters, in order of code. */
  types: Readonly<Record<string, readonly ParameterRow[]>>;
  /** Compartment → resource type → codes of the parameters that put it there. */
  compartments: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}
