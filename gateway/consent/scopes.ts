import type { Principal } from '../principal.ts';
import type { Permission, Scope } from '../auth/scopes.ts';
import { FhirError, notFound } from '../fhir/errors.ts';
import { coversType, type ScopeFilter, type Visibility } from './visibility.ts';

/** 403 `insufficient_scope`: the token does not let its bearer do this with resources of the type, whoever that is. */
export function insufficientScope(permission: Permission, type: string | undefined): FhirError {
  return new FhirError(
    403,
    {
      code: 'forbidden',
      detail: 'insufficient_scope',
      diagnostics: `The token's scopes do not cover ${permission} of ${type ?? 'all types'}.`,
    },
    { 'WWW-Authenticate': 'Bearer error="insufficient_scope"' },
  );
}

function filterOf(scope: Scope, principal: Principal): ScopeFilter | undefined {
  if (scope.context !== 'patient') return { type: scope.type, ...(scope.query && { query: scope.query }) };
  const onlyPatient = principal.launchPatient ?? principal.patient;
  if (onlyPatient === undefined) return undefined;
  return { type: scope.type, onlyPatient, ...(scope.query && { query: scope.query }) };
}

/** What the token's scopes let through with one permission; a `patient/` scope without a patient lets through nothing. */
function filtersWith(principal: Principal, permission: Permission): ScopeFilter[] {
  return principal.scopes
    .filter((scope) => scope[permission])
    .map((scope) => filterOf(scope, principal))
    .filter((filter) => filter !== undefined);
}

/**
 * What the token's scopes let through: `scopes` for what is read, or for matches and the links of chains, each by the
 * permission asked for; `includeScopes` for what comes along with matches, which takes a read permission.
 * Throws 403 `insufficient_scope` when that covers nothing of one of the `types`, or, with no types, nothing at all.
 */
export function readFilters(
  principal: Principal,
  permission: 'read' | 'search',
  types: readonly string[] = [],
): Required<Pick<Visibility, 'scopes' | 'includeScopes'>> {
  const scopes = filtersWith(principal, permission);
  const missing = types.find((type) => !coversType(scopes, type));
  if (missing !== undefined || scopes.length === 0) throw insufficientScope(permission, missing);
  return { scopes, includeScopes: filtersWith(principal, 'read') };
}

/**
 * Checks that a scope covers writing `type` in the record of `patient` (undefined: in no record).
 * Throws 403 `insufficient_scope`; 404 when a patient writes for another. A granular scope (`?category=`) covers no write: it is
 * about resources that are there.
 */
export function assertWriteScope(
  principal: Principal,
  permission: 'create' | 'update' | 'delete',
  type: string,
  patient?: string,
): void {
  if (principal.patient !== undefined && patient !== undefined && patient !== principal.patient) {
    throw notFound(`Patient/${patient}`);
  }
  const covered = principal.scopes.some((scope) => {
    if (scope.query || !scope[permission] || (scope.type !== '*' && scope.type !== type)) return false;
    if (scope.context !== 'patient') return true;
    return patient === undefined || patient === (principal.launchPatient ?? principal.patient);
  });
  if (!covered) throw insufficientScope(permission, type);
}
