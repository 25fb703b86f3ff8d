import { createHash } from 'node:crypto';
import { mapReferences } from './synthea.ts';
import type { Resource } from './resource.ts';

/** A resource, and the name that references have for it: `urn:uuid:...` in an export, `Condition/5` on a server. */
export interface Named {
  name: string;
  resource: Resource;
}

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 16);

/** JSON with its members in one order, so that equal content is equal text. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}

/**
 * What each resource says, whatever its id is called, by name: content without id and server's meta, each reference
 * standing for what the resource behind it says. Two records say the same when their fingerprints are the same. What
 * refers to what is followed as deep as `rounds`.
 */
export function fingerprints(record: readonly Named[], rounds = 4): Map<string, string> {
  let marks = new Map(record.map(({ name, resource }) => [name, resource.resourceType]));
  for (let round = 0; round < rounds; round++) {
    marks = new Map(
      record.map(({ name, resource }) => {
        const { id: _id, meta, ...content } = resource;
        const {
          versionId: _v,
          lastUpdated: _l,
          source: _s,
          // The server puts labels on what is sensitive by its codes; exports carry none.
          security: _labels,
          ...kept
        } = (meta ?? {}) as Record<string, unknown>;
        const said = mapReferences({ ...content, meta: kept }, (text) => marks.get(text) ?? text);
        return [name, digest(canonical(said))];
      }),
    );
  }
  return marks;
}

/** What of `expected` has no equal in `actual`, each resource of which may stand for one only. */
export function missingFrom(actual: readonly Named[], expected: readonly Named[]): Resource[] {
  const marks = fingerprints(actual);
  const left = new Map<string, number>();
  for (const mark of marks.values()) left.set(mark, (left.get(mark) ?? 0) + 1);
  const wanted = fingerprints(expected);
  return expected.flatMap(({ name, resource }) => {
    const mark = wanted.get(name) ?? '';
    const count = left.get(mark) ?? 0;
    left.set(mark, count - 1);
    return count > 0 ? [] : [resource];
  });
}
