/** A code of a system. */
export interface SystemCode {
  system: string;
  code: string;
}

/** Turns what searches say of codes into the codes themselves: the terminology service. Throws FhirErrors. */
export interface CodeSets {
  /** The codes of a value set: `url`, `url|version`, or `ValueSet/id`. */
  codesIn(valueSet: string): readonly SystemCode[];
  /** A code and those that it subsumes, or that subsume it. */
  related(code: SystemCode, direction: 'above' | 'below'): readonly SystemCode[];
}
