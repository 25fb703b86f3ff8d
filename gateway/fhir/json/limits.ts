/** What a body may be, besides its size, which the HTTP layer knows. */
export interface JsonLimits {
  /** Objects and lists inside one another. */
  depth: number;
}

/** FHIR's own examples go 26 deep. */
export const JSON_LIMITS: JsonLimits = { depth: 100 };
