import type { Resource } from '../fhir/resource.ts';
import type { IndexReader, StoredResource } from '../index-store/port.ts';
import type { Visibility } from '../consent/visibility.ts';
import type { Asker } from './cast.ts';
import { namedIn } from './consents.ts';
import type { Act } from './scene.ts';

/** Rules, not data: a Consent that is about the asker, or about everybody, is what decides, also where it is not seen. */
const decides = (resource: Resource, asker: Asker): boolean => {
  const named = namedIn(resource);
  return named.length === 0 || named.some((party) => asker.parties.includes(party));
};

/** The same resource, saying something else: what stands in the place of a version that may not be seen. */
function otherwise(resource: Resource): Resource {
  const { resourceType: type, id } = resource;
  if (type === 'Patient') return { resourceType: type, ...(id !== undefined && { id }) };
  const { text: _, ...rest } = resource;
  return { ...rest, resourceType: type, language: 'la' };
}

/**
 * The history as it would be if what the asker may not see had never been written. Who may see what is asked of `index`,
 * one resource and one version at a time, by the gate of single reads; that this gate is right is another test's matter
 * (gateway/consent). Nothing that is tested here (searches, totals, links, errors, writes) is asked of it.
 */
export async function permittedActs(
  acts: readonly (Act & { done: boolean })[],
  asker: Asker,
  visibility: Visibility,
  index: Pick<IndexReader, 'get' | 'getVersion' | 'sees'>,
): Promise<Act[]> {
  const sees = async (stored: StoredResource | undefined) =>
    stored !== undefined && (await index.sees(visibility, stored));
  const current = async (target: string) => {
    const [type = '', id = ''] = target.split('/');
    return index.get(type, id);
  };
  const visible = new Map<string, boolean>();
  for (const { target } of acts)
    if (!visible.has(target)) visible.set(target, await sees(await current(target)));
  const isSeen = (act: Act) =>
    visible.get(act.target) === true ||
    (act.resource?.resourceType === 'Consent' && decides(act.resource, asker));
  const ownPatient = visibility.principal.patient;
  const involved = new Set(acts.filter(isSeen).map(({ patient }) => patient));

  const kept: Act[] = [];
  const versions = new Map<string, number>();
  for (const act of acts) {
    // What was refused changed nothing, but the patient finds it in the audit log.
    if (!act.done) {
      const shared =
        act.patient === undefined && (asker.role === 'hr' || act.resource?.resourceType === 'Practitioner');
      // HR finds in the audit log what its systems did outside of records.
      if (shared || (act.patient !== undefined && act.patient === ownPatient)) kept.push(act);
      continue;
    }
    const version = (versions.get(act.target) ?? 0) + 1;
    versions.set(act.target, version);
    const isPatient = act.resource?.resourceType === 'Patient';
    const shared =
      act.patient === undefined && (asker.role === 'hr' || act.resource?.resourceType === 'Practitioner');
    // HR finds in the audit log what its systems did outside of records.
    if (shared || (act.patient !== undefined && act.patient === ownPatient)) kept.push(act);
    else if (isPatient ? !involved.has(act.patient) : !isSeen(act)) continue;
    else {
      const [type = '', id = ''] = act.target.split('/');
      const shown =
        act.resource?.resourceType === 'Consent' || (await sees(await index.getVersion(type, id, version)));
      const resource = act.resource;
      kept.push(
        shown || !resource ? act : { ...act, body: otherwise(resource), resource: otherwise(resource) },
      );
    }
  }
  return kept;
}
