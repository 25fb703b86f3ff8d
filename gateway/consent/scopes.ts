import type { Principal } from '../principal.ts';
import type { Permission, Scope } from '../auth/scopes.ts';
import { FhirError } from '../fhir/errors.ts';
import type { ScopeFilter } from './visibility.ts';

function insufficientScope(permission: Permission, type: string | undefined): FhirError {
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

/**
 * What the token's scopes let through for reading or searching `type` (undefined: whatever the scopes name), and for
 * what comes along with it (`_include`), which takes a read permission. Throws 403 `insufficient_scope` when nothing is.
 */
export function readFilters(
  principal: Principal,
  permission: 'read' | 'search',
  type?: string,
): ScopeFilter[] {
  const covers = (scope: Scope) =>
    scope[permission] && (type === undefined || scope.type === type || scope.type === '*');
  if (!principal.scopes.some(covers)) throw insufficientScope(permission, type);
  return principal.scopes
    .filter((scope) => covers(scope) || (scope.read && scope.type !== type))
    .map((scope) => filterOf(scope, principal))
    .filter((filter) => filter !== undefined);
}

/**
 * Checks that a scope covers writing `type` in the record of `patient` (undefined: in no record).
 * Throws 403 `insufficient_scope`. Granular scopes (`?category=`) do not restrict writes further than their type.
 */
export function assertWriteScope(
  principal: Principal,
  permission: 'create' | 'update' | 'delete',
  type: string,
  patient?: string,
): void {
  const covered = principal.scopes.some((scope) => {
    if (!scope[permission] || (scope.type !== '*' && scope.type !== type)) return false;
    if (scope.context !== 'patient') return true;
    return patient === undefined || patient === (principal.launchPatient ?? principal.patient);
  });
  if (!covered) throw insufficientScope(permission, type);
}
