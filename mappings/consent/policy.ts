import type { Rule } from '@fhir-fabric-gateway/chaincode/api';
import { codingKeys, isObject, text, type Json, type Resource } from '../resource.ts';
import { ACT_CODE, CONSENT_SCOPE } from './codes.ts';
import type { Problems } from './problems.ts';

export type Scope = 'privacy' | 'research' | 'inert';

const SCOPES: ReadonlyMap<string, Scope> = new Map([
  [`${CONSENT_SCOPE}|patient-privacy`, 'privacy'],
  [`${CONSENT_SCOPE}|research`, 'research'],
  [`${CONSENT_SCOPE}|treatment`, 'inert'],
  [`${CONSENT_SCOPE}|adr`, 'inert'],
]);

const POLICY_RULES: ReadonlyMap<string, Rule['type']> = new Map([
  [`${ACT_CODE}|OPTIN`, 'permit'],
  [`${ACT_CODE}|OPTOUT`, 'deny'],
]);

/** What all codings of a CodeableConcept mean; undefined when one is not understood, or two disagree. */
function meaningOf<T>(concept: Json | undefined, meanings: ReadonlyMap<string, T>): T | undefined {
  const [meaning, ...others] = new Set(codingKeys(concept).map((coding) => meanings.get(coding)));
  return others.length === 0 ? meaning : undefined;
}

/** What kind of agreement it is: privacy and research give access, treatment and advance directives do not. */
export function scopeOf(consent: Resource, problems: Problems): Scope | undefined {
  return (
    meaningOf(consent['scope'], SCOPES) ??
    problems.add(
      'Consent.scope',
      `Must be patient-privacy, research, treatment or adr of ${CONSENT_SCOPE}, and nothing else besides.`,
    )
  );
}

/** Every policy must be one that the gateway knows. */
function checkPolicies(policies: Json, uris: readonly string[], problems: Problems): void {
  if (!Array.isArray(policies) || policies.length === 0) {
    problems.add('Consent.policy', 'Must be a list with at least one value.');
    return;
  }
  policies.forEach((policy, index) => {
    const uri = isObject(policy) ? text(policy['uri']) : undefined;
    const path = `Consent.policy[${index}].uri`;
    // An authority alone says whose policy it is, not which.
    if (uri === undefined) problems.add(path, 'Must be there: it says which policy.');
    else if (!uris.includes(uri)) problems.add(path, 'The gateway does not know this policy.');
  });
}

/**
 * What an untyped root provision means: permit under OPTIN, deny under OPTOUT; undefined when only a configured
 * policy says, which leaves it open. Policies that nobody configured can't be enforced.
 */
export function defaultType(
  consent: Resource,
  policyUris: readonly string[],
  problems: Problems,
): Rule['type'] | undefined {
  const { policy, policyRule } = consent;
  if (policy !== undefined) {
    checkPolicies(policy, policyUris, problems);
    if (policyRule === undefined) return undefined;
  }
  return (
    meaningOf(policyRule, POLICY_RULES) ??
    problems.add('Consent.policyRule', `Must be OPTIN or OPTOUT of ${ACT_CODE}, and nothing else besides.`)
  );
}
