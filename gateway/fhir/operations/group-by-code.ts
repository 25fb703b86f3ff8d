import type { Json, Resource } from '../resource.ts';
import { isObject } from '../write/draft.ts';

/** Under which names a code is known: its codings, or its text where it has none. */
function namesOf(code: Json | undefined): string[] {
  if (!isObject(code)) return [];
  const codings = (Array.isArray(code['coding']) ? code['coding'] : [])
    .filter(isObject)
    .filter((coding) => coding['code'] !== undefined);
  if (codings.length === 0) return typeof code['text'] === 'string' ? [`text ${code['text']}`] : [];
  return codings.map((coding) => JSON.stringify([coding['system'] ?? null, coding['code'] ?? null]));
}

/**
 * Groups by `code` as https://hl7.org/fhir/R4/operation-observation-lastn.html says: two that share a coding are the same,
 * and so is what is the same as either. Groups, and what is in each, are in the order in which they came.
 */
export function groupByCode<T>(items: readonly T[], resourceOf: (item: T) => Resource): T[][] {
  const parent = new Map<string, string>();
  const rootOf = (name: string): string => {
    let root = name;
    for (let next = parent.get(root); next !== undefined && next !== root; next = parent.get(root))
      root = next;
    parent.set(name, root);
    return root;
  };
  const named = items.map((item, at) => {
    const names = namesOf(resourceOf(item)['code']);
    const [first = `none ${at}`, ...others] = names;
    for (const other of others) parent.set(rootOf(other), rootOf(first));
    return { item, name: first };
  });
  return [...Map.groupBy(named, ({ name }) => rootOf(name)).values()].map((group) =>
    group.map(({ item }) => item),
  );
}
