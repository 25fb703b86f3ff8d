import type { Rule } from '@fhir-fabric-gateway/chaincode/api';
import { isObject, type Resource } from '../resource.ts';
import { granteeOf } from './actors.ts';
import { RESEARCH_PURPOSES } from './codes.ts';
import { defaultType, scopeOf } from './policy.ts';
import { Problems, type ConsentProblem } from './problems.ts';
import { compileProvision } from './provision.ts';
import { findUnenforceable } from './unenforceable.ts';

export interface ConsentOptions {
  /** `Consent.policy.uri`s that this gateway enforces as its own rules: the base is deny. */
  policyUris?: readonly string[];
  /** This server's FHIR base without a slash at its end. */
  base?: string;
}

/** What a Consent does on the ledger. */
export type CompiledConsent =
  /** In force: its rule, under each grantee (`Practitioner/2`, `Organization/5`, or `*` for everyone). */
  | { effect: 'grant'; grants: Readonly<Record<string, Rule>> }
  /** In force: what the rule permits is not private (EditPrivacy). */
  | { effect: 'privacy'; rule: Rule }
  /** Proposed: asks the patient. */
  | { effect: 'ask' }
  /** Nothing is in force by it: revoked, a draft, or no agreement about access. */
  | { effect: 'none' }
  /** It can't be enforced as it stands: 422. */
  | { effect: 'problems'; problems: readonly ConsentProblem[] };

const WITHOUT_EFFECT = ['draft', 'inactive', 'rejected', 'entered-in-error'];

/** Below a rule for everyone a permit names its actors: what is open to anybody is said by what is not private. */
function forbidPermitsToAnybody(rule: Rule, path: string, problems: Problems): void {
  rule.rules?.forEach((nested, index) => {
    if (nested.actors) return;
    const at = `${path}.provision[${index}]`;
    if (nested.type === 'permit') problems.add(`${at}.actor`, 'A permit names an actor, itself or above it.');
    else forbidPermitsToAnybody(nested, at, problems);
  });
}

/** One rule goes by the root's actors, and by what it covers when it has none. */
function inForce(rule: Rule, problems: Problems): CompiledConsent {
  if (rule.actors)
    return {
      effect: 'grant',
      grants: Object.fromEntries(rule.actors.map((actor) => [granteeOf(actor), rule])),
    };
  if (rule.type === 'deny') {
    forbidPermitsToAnybody(rule, 'Consent.provision', problems);
    return { effect: 'grant', grants: { '*': rule } };
  }
  if (!rule.sections)
    problems.add(
      'Consent.provision.actor',
      'A permit names an actor, or in code the sections that are not private.',
    );
  if (rule.actions?.includes('correct')) {
    problems.add(
      'Consent.provision.action',
      'What is not private can be read; writing takes a grant with an actor.',
    );
  }
  return { effect: 'privacy', rule };
}

/** Whoever agreed to research has not agreed to be treated, nor refused it. */
function forResearch(rule: Rule, problems: Problems): Rule {
  rule.purposes?.forEach((purpose, index) => {
    if (!RESEARCH_PURPOSES.includes(purpose))
      problems.add(`Consent.provision.purpose[${index}]`, 'Not a purpose of the scope research.');
  });
  return { ...rule, purposes: rule.purposes ?? RESEARCH_PURPOSES };
}

/**
 * Compiles a Consent to the ledger's rules; never throws. A proposed one is checked likewise, so that no patient is
 * asked for what can't be enforced. What says nothing about access (verification, source, performer, ...) is inert.
 * https://hl7.org/fhir/R4/consent.html
 */
export function compileConsent(consent: Resource, options: ConsentOptions = {}): CompiledConsent {
  const { status } = consent;
  if (typeof status === 'string' && WITHOUT_EFFECT.includes(status)) return { effect: 'none' };
  const problems = new Problems();
  if (status !== 'active' && status !== 'proposed')
    problems.add('Consent.status', 'Not a status of a Consent.');
  const scope = scopeOf(consent, problems);
  if (scope === 'inert' && problems.list.length === 0) return { effect: 'none' };
  for (const name of ['modifierExtension', 'implicitRules']) {
    if (consent[name] !== undefined || consent[`_${name}`] !== undefined)
      problems.add(`Consent.${name}`, 'Would change what the Consent means, and cannot be enforced.');
  }
  for (const name of ['scope', 'policy', 'policyRule', 'verification'])
    findUnenforceable(consent[name], `Consent.${name}`, problems);
  const type = defaultType(consent, options.policyUris ?? [], problems);
  const { provision } = consent;
  let compiled: CompiledConsent = { effect: 'none' };
  if (isObject(provision)) {
    const context = { problems, ...(options.base !== undefined && { base: options.base }) };
    const rule = compileProvision(provision, 'Consent.provision', type, context);
    const scoped = scope === 'research' ? forResearch(rule, problems) : rule;
    if (problems.list.length === 0) compiled = inForce(scoped, problems);
  } else {
    problems.add('Consent.provision', 'Must be there: it says who may do what.');
  }
  if (problems.list.length > 0) return { effect: 'problems', problems: problems.list };
  return status === 'proposed' ? { effect: 'ask' } : compiled;
}
