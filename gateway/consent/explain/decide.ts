import { evaluateRule, type AccessRequest, type Rule } from '@fhir-fabric-gateway/chaincode/api';
import type { SaidRule, SaidRules } from './agreements.ts';

/** The provision that decides. */
export interface Reason {
  /** Consent id; undefined for one that is not signed yet. */
  consent: string | undefined;
  /** `Consent.provision.provision[0]` */
  path: string;
  rule: Rule;
  /** The spans and purposes of the provisions around it hold as well; outermost first. */
  around: readonly Rule[];
}

export interface Decision {
  permitted: boolean;
  /** Absent: no provision speaks of it, and what nobody permits is denied. */
  reason?: Reason;
}

/** Follows the evaluator down to the provision whose word counts: a deny before a permit, and the deepest of a branch. */
function decider({ consent, rule }: SaidRule, request: AccessRequest): Reason {
  let [at, path] = [rule, 'Consent.provision'];
  const around: Rule[] = [];
  for (;;) {
    const said = (at.rules ?? []).map((nested) => evaluateRule(nested, request));
    const index = said.includes('deny') ? said.indexOf('deny') : said.indexOf('permit');
    const next = at.rules?.[index];
    if (!next) return { consent, path, rule: at, around };
    around.push(at);
    [at, path] = [next, `${path}.provision[${index}]`];
  }
}

function among(rules: readonly SaidRule[], request: AccessRequest): Decision | undefined {
  const said = rules.map(({ rule }) => evaluateRule(rule, request));
  const permitted = !said.includes('deny');
  const one = rules[permitted ? said.indexOf('permit') : said.indexOf('deny')];
  return one && { permitted, reason: decider(one, request) };
}

/** What the Consents say together, as the gate has it (docs/adr/0003, 0007), and which provision is why. */
export function decide({ grants, privacy }: SaidRules, request: AccessRequest): Decision {
  const granted = among(grants, request);
  if (granted || request.action === 'correct') return granted ?? { permitted: false };
  return among(privacy, request) ?? { permitted: false };
}
