import type { Principal } from '../principal.ts';

/** One scope of the token that covers the interaction at hand. */
export interface ScopeFilter {
  /** A resource type, or `*`. */
  type: string;
  /** For `patient/` scopes: resources of other patients' records are out; the homes that all share are in. */
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
  /** A resource must pass one of them. */
  scopes: readonly ScopeFilter[];
}
