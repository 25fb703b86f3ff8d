import type { ValueSet, ValueSetExpansionContains } from '@medplum/fhirtypes';
import type { KeptCodeSystem } from '../code-system/code-system.ts';
import type { ExpandOptions } from '../port.ts';

/** A member of a value set, on its way into an expansion. */
export type Member = ValueSetExpansionContains & { system: string; code: string };

/** What a value set is resolved with. */
export interface Scope {
  codeSystem(url: string, version?: string): KeptCodeSystem | undefined;
  valueSet(canonical: string): ValueSet | undefined;
  options: ExpandOptions;
  /** Canonicals of the value sets that lead here: none may refer to itself. */
  within: readonly string[];
  /** Code systems that were used, `url|version`. */
  used: Set<string>;
  /** Counts what is looked at; throws when that is too much, or has taken too long. */
  visit(): void;
  /** The same for a part of `compose`, or a filter in it, which may take longer than many codes. */
  visitPart(): void;
}

export const keyOf = ({ system, code }: { system?: string; code?: string }): string =>
  `${system ?? ''}|${code ?? ''}`;
