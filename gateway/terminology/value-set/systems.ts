import type { ValueSet } from '@medplum/fhirtypes';
import { flat } from './members.ts';
import type { Scope } from './scope.ts';

const MOST_NESTED = 20;

/** The code systems that a value set takes codes from, those of other value sets that it includes too. */
export function systemsOf({ compose, expansion }: ValueSet, scope: Scope, depth = 0): string[] {
  if (depth > MOST_NESTED) return [];
  const found = new Set<string>();
  if (!compose) for (const { system } of flat(expansion?.contains ?? [])) found.add(system);
  for (const { system, valueSet = [] } of compose?.include ?? []) {
    if (system !== undefined) found.add(system);
    else
      for (const canonical of valueSet) {
        const set = scope.valueSet(canonical);
        for (const one of set ? systemsOf(set, scope, depth + 1) : []) found.add(one);
      }
  }
  return [...found];
}
