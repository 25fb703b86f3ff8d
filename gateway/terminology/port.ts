import type {
  CodeSystem,
  Coding,
  CodeSystemConceptDesignation,
  ValueSet,
  ValueSetCompose,
  ValueSetExpansionContains,
} from '@medplum/fhirtypes';
import type { Resource } from '../fhir/resource.ts';

/** A code of a system, as members of value sets are compared. */
export interface Code {
  system: string;
  code: string;
}

export interface ExpandOptions {
  filter?: string;
  offset?: number;
  count?: number;
  includeDesignations?: boolean;
  activeOnly?: boolean;
  /** Leaves out abstract codes, which are there to group others. */
  excludeNotForUI?: boolean;
  displayLanguage?: string;
  /** Canonicals `system|version` that are left out altogether. */
  excludeSystem?: readonly string[];
}

/** One search of definitions: parameters in order, decoded. */
export interface DefinitionSearch {
  type: string;
  parameters: readonly (readonly [name: string, value: string])[];
  sort: readonly { code: string; descending: boolean }[];
  lenient: boolean;
  offset: number;
  count: number;
}

export interface DefinitionMatches {
  matches: readonly Resource[];
  total: number;
  /** Parameters that were really used. */
  used: readonly (readonly [name: string, value: string])[];
}

/** A concept of a code system that is loaded. */
export interface Concept {
  code: string;
  display?: string;
  definition?: string;
  inactive: boolean;
  abstract: boolean;
}

export interface ConceptDetails extends Concept {
  designations: readonly CodeSystemConceptDesignation[];
  /** `valueCode` and the like, with its JSON value. */
  properties: readonly { code: string; kind: string; value: unknown }[];
  parents: readonly Concept[];
  children: readonly Concept[];
}

/** A code system that is loaded: its own concepts can be asked. */
export interface LoadedCodeSystem {
  url: string;
  version?: string;
  name: string;
  /** Whether all of its concepts are here. */
  whole: boolean;
  /** `not-present`, `example`, `fragment`, `complete`. */
  content: CodeSystem['content'];
  /** The concept of a code, by the case rule of the system. */
  concept(code: string): Concept | undefined;
  details(code: string): ConceptDetails | undefined;
  /** Whether `code` is `ancestor` or below it. */
  isBelow(code: string, ancestor: string): boolean;
}

export interface Membership {
  /** The coding as the value set has it. */
  member?: ValueSetExpansionContains;
  /** Why it is none. */
  why?: string;
}

/** The terminology service. https://hl7.org/fhir/R4/terminology-service.html. Its errors are FhirErrors. */
export interface Terminology {
  /** A definition by type and id. */
  read(type: string, id: string): Resource | undefined;
  search(search: DefinitionSearch): DefinitionMatches;
  /** By canonical URL, `url|version` too. */
  definition(type: string, canonical: string): Resource | undefined;
  codeSystem(url: string, version?: string): LoadedCodeSystem | undefined;
  /** A code system that came with a request: it is there for this question alone. */
  temporaryCodeSystem(resource: CodeSystem): { system: LoadedCodeSystem; close: () => void };
  expand(valueSet: ValueSet, options: ExpandOptions): ValueSet;
  /** Whether a coding (without a system: a code of any) is in a value set. */
  contains(valueSet: ValueSet, coding: Partial<Code> & Pick<Code, 'code'>, version?: string): Membership;
  /** All codes of a value set (`url`, `url|version`, `ValueSet/id`). Throws when they are too many, or not all known. */
  codesIn(valueSet: string): readonly Code[];
  /** A code and those that it subsumes (`below`) or that subsume it (`above`). */
  related(coding: Code, direction: 'above' | 'below'): readonly Code[];
  close(): void;
}

export type { Coding, ValueSet, ValueSetCompose };
