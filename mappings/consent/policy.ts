import type { Rule } from '@fhir-fabric-gateway/chaincode/api';
import { codingKeys, objects, text, type Resource } from '../resource.ts';
import { ACT_CODE, CONSENT_SCOPE } from './codes.ts';
import type { Problems } from './problems.ts';

export type Scope = 'privacy' | 'research' | 'inert';

/** What kind of agreement it is: privacy and research give access, treatment and advance directives do not. */
export function scopeOf(consent: Resource, problems: Problems): Scope | undefined {
  const codes = codingKeys(consent['scope']);
  const has = (code: string): boolean => codes.includes(`${CONSENT_SCOPE}|${code}`);
  if (has('patient-privacy')) return 'privacy';
  if (has('research')) return 'research';
  if (has('treatment') || has('adr')) return 'inert';
  return problems.add(
    'Consent.scope',
    `Must be patient-privacy, research, treatment or adr of ${CONSENT_SCOPE}.`,
  );
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
  let known = false;
  objects(consent['policy']).forEach((policy, index) => {
    const uri = text(policy['uri']);
    if (uri === undefined) return;
    if (policyUris.includes(uri)) known = true;
    else problems.add(`Consent.policy[${index}].uri`, 'The gateway does not know this policy.');
  });
  const rule = consent['policyRule'];
  if (rule === undefined) {
    if (!known) problems.add('Consent.policyRule', `Must be OPTIN or OPTOUT of ${ACT_CODE}.`);
    return undefined;
  }
  const codes = codingKeys(rule).filter((key) => key.startsWith(`${ACT_CODE}|`));
  if (codes.length === 1 && codes[0] === `${ACT_CODE}|OPTIN`) return 'permit';
  if (codes.length === 1 && codes[0] === `${ACT_CODE}|OPTOUT`) return 'deny';
  return problems.add('Consent.policyRule', `Must be OPTIN or OPTOUT of ${ACT_CODE}.`);
}
