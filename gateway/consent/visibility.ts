import type { Principal } from '../principal.ts';

/** One scope of the token that covers the interaction at hand. */
export interface ScopeFilter {
  /** A resource type, or `*`. */
  type: string;
  /**
   * For `patient/` scopes: resources of other patients' records are out, and what is attached to those alone; the homes
   * that all share are in.
   */
  onlyPatient?: string;
  /** Search parameters that the resource must match (a granular scope, `?category=laboratory`). */
  query?: readonly (readonly [name: string, value: string])[];
}

/**
 * What one request may see, fixed when it begins: who asks, for what purpose, when, and what its token's scopes cover.
 * The index turns it into SQL for searches and into a check for single resources, so that there is one gate.
 */
export interface Visibility {
  principal: Principal;
  /** Milliseconds since 1970. */
  now: number;
  /** The resource read, a match, and every link of a chain must pass one of them. */
  scopes: readonly ScopeFilter[];
  /** What comes along with a match (`_include`, `_revinclude`) must pass one of them; `scopes` when absent. */
  includeScopes?: readonly ScopeFilter[];
}

/** Whether the scopes cover any resource of a type; which ones, the gate says. */
export const coversType = (scopes: readonly ScopeFilter[], type: string): boolean =>
  scopes.some((scope) => scope.type === '*' || scope.type === type);

/** Whether the scopes cover all of a type, whatever is in it: of every patient's, or of `patient`'s at least. */
export const coversAllOf = (scopes: readonly ScopeFilter[], type: string, patient?: string): boolean =>
  scopes.some(
    ({ onlyPatient, query, ...scope }) =>
      coversType([scope], type) &&
      query === undefined &&
      (onlyPatient === undefined || onlyPatient === patient),
  );
