import { GRANTEE_ROLES, evaluateRules, type Role, type Rule } from '@fhir-fabric-gateway/chaincode/api';
import type { Facet, StoredResource } from '../index-store/port.ts';
import type { Principal } from '../principal.ts';
import { accessTo, foldRule, permitsSomething, type AccessContext } from './fold-rule.ts';

/** What is in force for a patient, as far as it concerns the requester. */
export interface RulesInForce {
  /** Rules kept for the requester's person, organisation, and for everyone. */
  grants: readonly Rule[];
  /** What is not private. */
  privacy: readonly Rule[];
}

/** Doctors and labs read what a patient marked as not private; systems don't, since nobody looks through them. */
export const readsWhatIsNotPrivate = (role: Role): boolean => role === 'doctor' || role === 'lab';

export const PERSONAL_TYPES = ['Patient', 'RelatedPerson'];

export const contextOf = (principal: Principal, now: number): AccessContext => ({
  requester: principal.requester,
  purpose: principal.purpose,
  now,
});

/** Between Consents deny wins; what is not private is a further permit, but overrides no deny. */
function facetPermitted(facet: Facet, context: AccessContext, rules: RulesInForce): boolean {
  const request = accessTo(context, facet);
  const granted = evaluateRules(rules.grants, request);
  if (granted !== 'none') return granted === 'permit';
  return readsWhatIsNotPrivate(context.requester.role) && evaluateRules(rules.privacy, request) === 'permit';
}

/** Whether any Consent in force permits the requester anything of this patient. */
const permitInForce = (context: AccessContext, rules: RulesInForce): boolean =>
  rules.grants.some((rule) => {
    const folded = foldRule(rule, context);
    return folded !== undefined && permitsSomething(folded);
  });

function grantedReaderSees(
  principal: Principal,
  context: AccessContext,
  resource: StoredResource,
  rules: RulesInForce,
): boolean {
  const { author } = resource;
  const [own, ...contained] = resource.facets;
  if (own === undefined) return false;
  const { mspId, pseudonym } = principal.identity;
  if (resource.type === 'Consent' && author.mspId === mspId && author.pseudonym === pseudonym) return true;
  const containedPermitted = contained.every((facet) => facetPermitted(facet, context, rules));
  const byRules = facetPermitted(own, context, rules);
  const denied = () => evaluateRules(rules.grants, accessTo(context, own)) === 'deny';
  switch (resource.type) {
    case 'Consent': {
      const { person, organization } = principal.requester;
      const named = resource.parties?.some((party) => party === person || party === organization) ?? false;
      return containedPermitted && named && permitInForce(context, rules) && !denied();
    }
    case 'Patient':
      return containedPermitted && (byRules || (permitInForce(context, rules) && !denied()));
    default:
      return containedPermitted && byRules;
  }
}

/**
 * Whether role and grants let the principal read a resource; the token's scopes are not looked at. visibility-sql.ts
 * says the same in SQL. `recordHome`: the MSP that opened the patient's record. Of `attached` resources only those of
 * the own organisation are seen here; those that a visible resource refers to are found by the index.
 */
export function mayRead(
  principal: Principal,
  now: number,
  resource: StoredResource,
  rules: RulesInForce,
  recordHome: string | undefined,
): boolean {
  const { role } = principal.requester;
  const { mspId } = principal.identity;
  switch (resource.home) {
    case 'directory':
      return true;
    case 'administrative':
      return (role === 'hr' || role === 'researcher') && resource.organisation === mspId;
    case 'attached':
      return GRANTEE_ROLES.includes(role) && resource.organisation === mspId;
    case 'patient':
      if (role === 'patient') return resource.patient !== undefined && resource.patient === principal.patient;
      if (role === 'hr') {
        return (
          PERSONAL_TYPES.includes(resource.type) &&
          recordHome === mspId &&
          resource.facets.every((facet) => facet.section === 'personal')
        );
      }
      if (!GRANTEE_ROLES.includes(role)) return false;
      return grantedReaderSees(principal, contextOf(principal, now), resource, rules);
  }
}
