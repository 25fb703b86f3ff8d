import type { Rule, Span } from '@fhir-fabric-gateway/chaincode/api';

/**
 * A rule without what differs from patient to patient and grantee to grantee: its root period stands beside it, and the
 * grantee it is kept for is written `@`. However many patients there are, there are few shapes, so that a search
 * compiles a handful of conditions.
 */
export interface RuleShape {
  /** Canonical JSON of the rest of the rule. */
  shape: string;
  period: Span;
}

const OPEN: Span = [null, null];

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, part]) => part !== undefined);
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, part]) => [key, canonical(part)]),
  );
}

const withoutGrantee = (actor: string, grantee: string): string => {
  if (actor === grantee) return '@';
  return actor.startsWith(`${grantee}|`) ? `@${actor.slice(grantee.length)}` : actor;
};

/**
 * The rule kept for `grantee`, taken apart. Actors that hold for whoever looks under that grantee are left out: a person
 * as such, an organisation with its people and systems.
 */
export function shapeOf(rule: Rule, grantee: string): RuleShape {
  const { period, actors, ...rest } = rule;
  const marked = actors?.map((actor) => withoutGrantee(actor, grantee));
  const always = marked?.some((actor) => actor === '@' || actor === '@|IRCP') ?? true;
  const shape = { ...rest, ...(!always && { actors: [...new Set(marked)].sort() }) };
  return { shape: JSON.stringify(canonical(shape)), period: period ?? OPEN };
}

/** The inverse of shapeOf, up to actors that make no difference. */
export function ruleOf(shape: string, grantee: string, period: Span = OPEN): Rule {
  const rule = JSON.parse(shape) as Rule;
  const actors =
    rule.actors?.map((actor) => (actor.startsWith('@') ? grantee + actor.slice(1) : actor)) ??
    (grantee === '*' ? undefined : [grantee]);
  const limited = period[0] !== null || period[1] !== null;
  return { ...rule, ...(actors && { actors }), ...(limited && { period }) };
}
