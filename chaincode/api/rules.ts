import { labelMatches } from './confidentiality.ts';
import { purposeCovers } from './purposes.ts';
import type { Role } from './roles.ts';
import type { Section } from './sections.ts';

/** https://terminology.hl7.org/CodeSystem/consentaction, the two codes that the gateway enforces. */
export type Action = 'access' | 'correct';

/** A span of time in milliseconds since 1970, both ends included; null is open. */
export type Span = readonly [from: number | null, to: number | null];

/**
 * One provision of a Consent, compiled. A condition that is absent holds for everything; the values of one condition
 * are alternatives; all conditions must hold.
 */
export interface Rule {
  type: 'permit' | 'deny';
  /** `Practitioner/2`, `Organization/5|IRCP` (its people and systems) or `Organization/5|CST` (its systems only). */
  actors?: readonly string[];
  actions?: readonly Action[];
  /** Resource types. */
  classes?: readonly string[];
  sections?: readonly Section[];
  /** Security labels, each `system|code`; what has no confidentiality counts as normal. */
  labels?: readonly string[];
  /** Codes of v3-ActReason, each with the purposes that are part of it. */
  purposes?: readonly string[];
  /** When the rule is in force. */
  period?: Span;
  /** The clinical dates it covers. */
  dataPeriod?: Span;
  /** Exceptions to this rule, to any depth. */
  rules?: readonly Rule[];
}

/** The rules of one patient for one grantee: Consent id → its root provision. */
export type RulesByConsent = Readonly<Record<string, Rule>>;

/** Who asks. */
export interface Requester {
  role: Role;
  /** `Practitioner/2`; absent for a system that is nobody's. */
  person?: string;
  /** `Organization/5`. */
  organization?: string;
}

/** What is asked for. */
export interface AccessRequest {
  requester: Requester;
  action: Action;
  /** A code of v3-ActReason. */
  purpose: string;
  /** Milliseconds since 1970. */
  now: number;
  type: string;
  section: Section;
  labels: readonly string[];
  /**
   * The resource's clinical date. null: it has none, so it is outside every permit's dataPeriod and inside every
   * deny's. undefined: not judged here (the chaincode does not see content), so dataPeriod never refuses.
   */
  date: Span | null | undefined;
}

export type Verdict = 'permit' | 'deny' | 'none';

/** True when a provision's actor (see `Rule.actors`) means the requester. */
export function actorMatches(actor: string, requester: Requester): boolean {
  const bar = actor.indexOf('|');
  const reference = bar < 0 ? actor : actor.slice(0, bar);
  if (reference === requester.person) return true;
  if (reference !== requester.organization) return false;
  const role = bar < 0 ? 'IRCP' : actor.slice(bar + 1);
  if (role === 'CST') return requester.role === 'system';
  return requester.role === 'system' || requester.role === 'doctor' || requester.role === 'lab';
}

/** True when the two spans share a moment. */
export function overlaps(a: Span, b: Span): boolean {
  return (a[0] === null || b[1] === null || a[0] <= b[1]) && (b[0] === null || a[1] === null || b[0] <= a[1]);
}

/** True when the whole of `inner` lies in `outer`. */
export function contains(outer: Span, inner: Span): boolean {
  return (
    (outer[0] === null || (inner[0] !== null && outer[0] <= inner[0])) &&
    (outer[1] === null || (inner[1] !== null && inner[1] <= outer[1]))
  );
}

/** A date that lies partly in the period is outside a permit and inside a deny. */
function dateMatches(rule: Rule, date: Span | null | undefined): boolean {
  if (rule.dataPeriod === undefined) return true;
  if (date === undefined) return rule.type === 'permit';
  if (date === null) return rule.type === 'deny';
  return rule.type === 'deny' ? overlaps(rule.dataPeriod, date) : contains(rule.dataPeriod, date);
}

function matches(rule: Rule, request: AccessRequest): boolean {
  return (
    (rule.actors === undefined || rule.actors.some((actor) => actorMatches(actor, request.requester))) &&
    (rule.actions === undefined || rule.actions.includes(request.action)) &&
    (rule.classes === undefined || rule.classes.includes(request.type)) &&
    (rule.sections === undefined || rule.sections.includes(request.section)) &&
    (rule.labels === undefined || rule.labels.some((label) => labelMatches(label, request.labels))) &&
    (rule.purposes === undefined ||
      rule.purposes.some((purpose) => purposeCovers(purpose, request.purpose))) &&
    (rule.period === undefined || overlaps(rule.period, [request.now, request.now])) &&
    dateMatches(rule, request.date)
  );
}

/** What one Consent says: the deepest provision that matches decides; where two branches disagree, deny wins. */
export function evaluateRule(rule: Rule, request: AccessRequest): Verdict {
  if (!matches(rule, request)) return 'none';
  let verdict: Verdict = 'none';
  for (const nested of rule.rules ?? []) {
    const said = evaluateRule(nested, request);
    if (said === 'deny') return 'deny';
    if (said === 'permit') verdict = 'permit';
  }
  return verdict === 'none' ? rule.type : verdict;
}

/** What several Consents say together: deny wins; `none` when none of them matches (the base is deny). */
export function evaluateRules(rules: Iterable<Rule>, request: AccessRequest): Verdict {
  let verdict: Verdict = 'none';
  for (const rule of rules) {
    const said = evaluateRule(rule, request);
    if (said === 'deny') return 'deny';
    if (said === 'permit') verdict = 'permit';
  }
  return verdict;
}
