import { bundleOf } from './answer.ts';
import type { Resource } from './resource.ts';
import type { Session } from './session.ts';

export type Found = Resource & { id: string };

/** What `$everything` brings along that is nobody's record, and what is not for the patient alone to know. */
const NOT_CLINICAL = [
  'Organization',
  'Location',
  'Practitioner',
  'PractitionerRole',
  'Consent',
  'Medication',
];

export const nameOf = ({ resourceType, id }: Found): string => `${resourceType}/${id}`;

/** Names in order, to compare what was found with what should be. */
export const namesOf = (resources: readonly Found[]): string[] => resources.map(nameOf).sort();

/** The clinical record as `$everything` gives it, all pages. */
export async function everythingOf(session: Session, patient: string): Promise<Found[]> {
  const all = await session.find(`Patient/${patient}/$everything`);
  return all.filter(({ resourceType }) => !NOT_CLINICAL.includes(resourceType));
}

/** What a search by type and patient finds; throws when its total is not the number of what it gives. */
export async function searchRecord(session: Session, patient: string, type: string): Promise<Found[]> {
  const criterion = type === 'Patient' ? `_id=${patient}` : `patient=Patient/${patient}`;
  const pages = await session.pages(`${type}?${criterion}&_count=200&_total=accurate`);
  const found = pages.flatMap(({ entry = [] }) => entry.map(({ resource }) => resource as Found));
  const [total] = pages.map((page) => page.total);
  if (total !== found.length) throw new Error(`${type}: total ${total}, but ${found.length} were given`);
  return found;
}

/** What one page of a search matches; a number where the server told how many there are. */
export async function totalOf(session: Session, path: string): Promise<number | undefined> {
  const { total, entry = [] } = bundleOf(await session.get(path));
  return total ?? entry.filter(({ search }) => search?.mode !== 'outcome').length;
}
