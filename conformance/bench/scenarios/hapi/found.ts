import { bundleOf, send } from '../../../clients/answer.ts';
import type { Bundle } from '../../../clients/resource.ts';
import { fhirHeaders, type Target } from '../../target/target.ts';

/** How many different resources of each type a search finds. */
export type Found = Readonly<Record<string, number>>;

/** Asks a search and all its further pages. `path`: from the origin on. Throws when an answer is no Bundle. */
export async function findAll(target: Target, path: string): Promise<Found> {
  const headers = await fhirHeaders(target);
  const pages: Bundle[] = [];
  for (let url: string | undefined = target.origin + path; url !== undefined;) {
    const page: Bundle = bundleOf(await send(url, { headers }));
    pages.push(page);
    url = page.link?.find(({ relation }) => relation === 'next')?.url;
  }
  return countByType(pages);
}

/** How many different resources of each type a search's pages hold: a page may repeat an included one. */
export function countByType(pages: readonly Bundle[]): Found {
  const found = new Set<string>();
  for (const { entry = [] } of pages)
    for (const { resource } of entry)
      if (resource) found.add(`${resource.resourceType}/${String(resource['id'])}`);
  const counts: Record<string, number> = {};
  for (const [type = ''] of [...found].map((one) => one.split('/'))) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}

/**
 * Throws when servers found different numbers of some types, or all of them nothing of any: that would be no comparison.
 */
export function requireSame(
  what: string,
  types: readonly string[],
  answers: ReadonlyMap<string, Found>,
): void {
  const inWords = (found: Found) =>
    types
      .filter((type) => found[type] !== undefined)
      .map((type) => `${found[type]} ${type}`)
      .join(', ') || NOTHING;
  const said = [...answers].map(([server, found]) => `${server} ${inWords(found)}`);
  const distinct = new Set([...answers.values()].map(inWords));
  if (distinct.size === 1 && !distinct.has(NOTHING)) return;
  throw new Error(`${what}: the servers do not find the same: ${said.join('; ')}`);
}

const NOTHING = 'nothing';
