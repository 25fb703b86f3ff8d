import { randomUUID } from 'node:crypto';
import type { Bundle, Resource } from '../../clients/resource.ts';
import { observation } from './observation.ts';
import { post, type Target } from './target.ts';

/** Records that are opened at once. */
const AT_ONCE = 10;

/** Opens so many new records as the hospital's system; answers the Patients' ids. */
export async function openRecords(target: Target, count: number): Promise<string[]> {
  const patients: string[] = [];
  while (patients.length < count) {
    const batch = Array.from({ length: Math.min(AT_ONCE, count - patients.length) }, () =>
      post<Resource & { id: string }>(target, newPatient(), 'Patient'),
    );
    patients.push(...(await Promise.all(batch)).map(({ id }) => id));
  }
  return patients;
}

/** A Patient whom nobody has opened a record for. */
export const newPatient = (): Resource => ({
  resourceType: 'Patient',
  identifier: [{ system: 'urn:ietf:rfc:3986', value: `urn:uuid:${randomUUID()}` }],
  name: [{ family: 'Benchmark', given: ['Nova'] }],
  gender: 'unknown',
  birthDate: '1980-01-01',
});

/** Puts so many Observations into each record; answers their ids. */
export async function fillRecords(
  target: Target,
  patients: readonly string[],
  each: number,
): Promise<string[]> {
  const ids: string[] = [];
  for (const patient of patients) {
    const { entry = [] } = await post<Bundle & Resource>(target, observationBundle(patient, each));
    for (const { response } of entry) {
      const id = /(?:^|\/)Observation\/([^/]+)/.exec(response?.location ?? '')?.[1];
      if (id === undefined) throw new Error(`no Observation came of an entry: ${JSON.stringify(response)}`);
      ids.push(id);
    }
  }
  return ids;
}

/** A transaction of so many Observations of one patient. */
export function observationBundle(patient: string, count: number): Resource & Bundle {
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: Array.from({ length: count }, (_, number) => ({
      fullUrl: `urn:uuid:${randomUUID()}`,
      resource: observation(patient, number),
      request: { method: 'POST', url: 'Observation' },
    })),
  };
}
