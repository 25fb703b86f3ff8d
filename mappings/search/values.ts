/** https://hl7.org/fhir/R4/valueset-search-param-type.html */
export type SearchParameterType =
  'number' | 'date' | 'string' | 'token' | 'reference' | 'composite' | 'quantity' | 'uri' | 'special';

/** A search parameter of one resource type. */
export interface SearchParameter {
  /** Number of (type, code), the same from build to build of one R4; 1 upwards. */
  number: number;
  /** Canonical URL of its definition. */
  url: string;
  code: string;
  type: SearchParameterType;
  /** For references: the resource types it may point at. */
  targets?: readonly string[];
  /** For composites: the components, as parameters in their own right (number 0 when none of R4's). */
  components?: readonly SearchParameter[];
  /**
   * False if `extractIndexed` gives no values for it: `_id` and `_lastUpdated`, which an index keeps with the resource;
   * `_text`, `_content` and `_query`, which aren't found by a value.
   */
  extracted?: false;
}

/**
 * One value under which a resource can be found.
 * - date: the span the value covers, milliseconds since 1970, both ends included; open ends are -Infinity, Infinity
 * - number, quantity: the value and the span of its precision (2.0 covers 1.95 to 2.05)
 * - string: as written; the index folds case and accents
 * - token: `text` is display, CodeableConcept.text or Identifier.type.text, for `:text`
 * - reference: `type` and `id` when it is relative or of this server, else `url`; `identifier` for `:identifier`
 * - position: a place, in degrees
 * - composite: for each component the values of one repetition
 */
export type IndexedValue =
  | { kind: 'date'; from: number; to: number }
  | { kind: 'number'; value: number; low: number; high: number }
  | {
      kind: 'quantity';
      value: number;
      low: number;
      high: number;
      system?: string;
      code?: string;
      unit?: string;
    }
  | { kind: 'string'; value: string }
  | { kind: 'uri'; value: string }
  | {
      kind: 'token';
      system?: string;
      code?: string;
      text?: string;
      /** Identifier.type, for `:of-type` */ ofType?: string;
    }
  | {
      kind: 'reference';
      type?: string;
      id?: string;
      version?: string;
      url?: string;
      identifier?: { system?: string; value?: string };
    }
  | { kind: 'position'; latitude: number; longitude: number }
  | { kind: 'composite'; parts: readonly (readonly IndexedValue[])[] };

export interface Indexed {
  parameter: SearchParameter;
  value: IndexedValue;
}
