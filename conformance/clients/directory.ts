import { isObject } from './resource.ts';
import type { Session } from './session.ts';

const TYPES = ['Organization', 'Location', 'Practitioner', 'PractitionerRole'];

/** What a conditional reference of an export stands for on the server: `Practitioner?identifier=s|v` → `Practitioner/5`. */
export async function directoryOf(session: Session): Promise<Map<string, string>> {
  const directory = new Map<string, string>();
  for (const type of TYPES) {
    for (const resource of await session.find(`${type}?_count=500`)) {
      const identifiers = Array.isArray(resource['identifier']) ? resource['identifier'] : [];
      for (const identifier of identifiers.filter(isObject)) {
        const token = `${String(identifier['system'])}|${String(identifier['value'])}`;
        directory.set(`${type}?identifier=${token}`, `${type}/${resource.id}`);
      }
    }
  }
  return directory;
}
