import {
  evaluateRule,
  type AccessRequest,
  type Requester,
  type Rule,
  type Section,
  type Span,
} from '@fhir-fabric-gateway/chaincode/api';

/** What of an access request is the same for every resource that one request to the gateway looks at. */
export interface AccessContext {
  requester: Requester;
  purpose: string;
  /** Milliseconds since 1970. */
  now: number;
}

/** A rule of which only conditions on the resource are left: who, why, when and which action have been settled. */
export interface FoldedRule {
  type: 'permit' | 'deny';
  classes?: readonly string[];
  sections?: readonly Section[];
  labels?: readonly string[];
  dataPeriod?: Span;
  rules: readonly FoldedRule[];
}

/** Provisions nested deeper than this are taken as a refusal: no sensible Consent comes near. */
const DEEPEST = 40;

export const accessTo = (
  context: AccessContext,
  facet: Pick<AccessRequest, 'type' | 'section' | 'labels' | 'date'>,
): AccessRequest => ({ ...context, ...facet, action: 'access' });

/** Settles a rule's constant conditions by the evaluator itself; undefined when it can't match in this context. */
export function foldRule(rule: Rule, context: AccessContext, depth = 0): FoldedRule | undefined {
  if (depth > DEEPEST) return { type: 'deny', rules: [] };
  const { type, actors, actions, purposes, period, classes, sections, labels, dataPeriod } = rule;
  const constants: Rule = {
    type: 'permit',
    ...(actors && { actors }),
    ...(actions && { actions }),
    ...(purposes && { purposes }),
    ...(period && { period }),
  };
  const anything = accessTo(context, { type: '', section: 'other', labels: [], date: null });
  if (evaluateRule(constants, anything) === 'none') return undefined;
  return {
    type,
    ...(classes && { classes }),
    ...(sections && { sections }),
    ...(labels && { labels }),
    ...(dataPeriod && { dataPeriod }),
    rules: (rule.rules ?? [])
      .map((nested) => foldRule(nested, context, depth + 1))
      .filter((nested) => nested !== undefined),
  };
}

/** Whether some provision that is in force for the requester permits anything at all. */
export const permitsSomething = (rule: FoldedRule): boolean =>
  rule.type === 'permit' || rule.rules.some(permitsSomething);
