import type { Role } from '@fhir-fabric-gateway/chaincode/api';
import {
  formatScope,
  intersect,
  isWithin,
  parseScope,
  parseScopes,
  withoutConfinedWrites,
} from './scopes.ts';

/** Scopes that name no resources: who logs in, for how long, and in what context. */
export const CONTEXT_SCOPES = [
  'openid',
  'fhirUser',
  'profile',
  'offline_access',
  'online_access',
  'launch/patient',
] as const;

const isContextScope = (text: string): boolean => (CONTEXT_SCOPES as readonly string[]).includes(text);

/** Whether the index can confine a resource type by a search parameter; a scope that it can't enforce is never granted. */
export type KnowsParameter = (type: string, name: string) => boolean;

/**
 * The scopes asked for, cut down to what a client may have at most. What is wider than allowed is narrowed
 * (`patient/*.cruds` becomes `patient/*.rs`), what is no scope or not allowed at all is left out, and so are writes
 * confined by search parameters; a scope that is allowed as it stands keeps the client's own spelling.
 */
export function narrow(
  requested: readonly string[],
  allowed: readonly string[],
  knows: KnowsParameter,
): string[] {
  const allowedScopes = parseScopes(allowed);
  const granted = new Set<string>();
  for (const text of requested.map(withoutConfinedWrites)) {
    const scope = parseScope(text);
    if (!scope) {
      if (isContextScope(text) && allowed.includes(text)) granted.add(text);
      continue;
    }
    const enforced = (scope.query ?? []).every(([name]) => knows(scope.type, name.split(':')[0] ?? name));
    if (!enforced) continue;
    if (isWithin(scope, allowedScopes)) granted.add(text);
    else {
      for (const limit of allowedScopes) {
        const both = intersect(scope, limit);
        const formatted = both && withoutConfinedWrites(formatScope(both));
        if (formatted !== undefined && parseScope(formatted)) granted.add(formatted);
      }
    }
  }
  return [...granted];
}

/**
 * Of these scopes, those that make sense for who the token will stand for: `system/` for a client on its own account and
 * for nobody else, `patient/` only with a patient in context.
 */
export function sensibleFor(role: Role, scopes: readonly string[], patientInContext: boolean): string[] {
  const onItsOwn = role === 'system' || role === 'researcher';
  return scopes.filter((text) => {
    const context = parseScope(text)?.context;
    if (onItsOwn) return context === 'system';
    if (context === undefined) return text !== 'launch/patient' || patientInContext;
    return context === 'user' || (context === 'patient' && patientInContext);
  });
}

/** Whether these scopes need a patient in context: the app asks for one, or for what lies in one's record. */
export function needsPatient(scopes: readonly string[]): boolean {
  return scopes.some((text) => text === 'launch/patient' || parseScope(text)?.context === 'patient');
}

/** Whether these scopes open resources, or tell whose they are to be. */
export function asksForRecords(scopes: readonly string[]): boolean {
  return scopes.some((text) => text === 'launch/patient' || parseScope(text) !== undefined);
}

/**
 * Of the scopes asked for at a refresh, those inside what was granted: the same string, or a resource scope that the
 * granted ones cover (`patient/Observation.r` inside `patient/*.rs`), as far as it can be granted at all.
 */
export function inside(asked: Iterable<string>, granted: readonly string[]): string[] {
  const grantedScopes = parseScopes(granted);
  return [...asked].filter((text) => {
    if (granted.includes(text)) return true;
    const scope = parseScope(withoutConfinedWrites(text));
    return scope !== undefined && isWithin(scope, grantedScopes);
  });
}
