import type { Requester, Rule } from '@fhir-fabric-gateway/chaincode/api';
import type { CompiledConsent } from '@fhir-fabric-gateway/mappings';

/** A Consent with what it does: `id` is absent for one that nobody has signed yet. */
export interface Agreement {
  id?: string;
  compiled: CompiledConsent;
}

/** A rule, and the Consent that says it. */
export interface SaidRule {
  consent: string | undefined;
  rule: Rule;
}

/** What of some Consents is looked at for a requester: grants first, and what is not private where they say nothing. */
export interface SaidRules {
  grants: readonly SaidRule[];
  privacy: readonly SaidRule[];
}

/** As the ledger keeps rules: under the person, the organisation, and everyone. */
export function rulesFor(requester: Requester, agreements: readonly Agreement[]): SaidRules {
  const keys = ['*', requester.person, requester.organization].filter((key) => key !== undefined);
  const grants = agreements.flatMap(({ id, compiled }): SaidRule[] => {
    if (compiled.effect !== 'grant') return [];
    const { grants: kept } = compiled;
    const key = keys.find((one) => Object.hasOwn(kept, one));
    const rule = key === undefined ? undefined : kept[key];
    return rule ? [{ consent: id, rule }] : [];
  });
  const readsNotPrivate = requester.role === 'doctor' || requester.role === 'lab';
  const privacy = agreements.flatMap(({ id, compiled }): SaidRule[] =>
    readsNotPrivate && compiled.effect === 'privacy' ? [{ consent: id, rule: compiled.rule }] : [],
  );
  return { grants, privacy };
}

/** Rules, and those nested in them at any depth. */
export function* nestedIn(roots: readonly Rule[]): Generator<Rule> {
  const waiting = [...roots];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    yield next;
    waiting.push(...(next.rules ?? []));
  }
}

/** Every rule at any depth of what is in force. A Consent has one root, however many it is kept under. */
export const everyRule = (agreements: readonly Agreement[]): Generator<Rule> =>
  nestedIn(
    agreements.flatMap(({ compiled }) => {
      if (compiled.effect === 'privacy') return [compiled.rule];
      return compiled.effect === 'grant' ? Object.values(compiled.grants).slice(0, 1) : [];
    }),
  );
