import type { JsonObject, Resource } from '../fhir/resource.ts';
import { PATIENTS } from './cast.ts';
import type { Chance } from './chance.ts';
import { CLINICAL, clinicalResource, type Clinical } from './clinical.ts';
import { randomConsent } from './consents.ts';
import type { Call } from './world.ts';

/** One write of a scene's history. */
export interface Act extends Call {
  /** Names the call in every world. */
  id: string;
  /** A system's or a patient's name (cast.ts). */
  by: string;
  /** What is written: `Type/id`. */
  target: string;
  /** Whose record it is in; undefined for what is in none. */
  patient?: string;
  /** For a write of content. */
  resource?: Resource;
}

const homeSystem = (patient: string): string =>
  PATIENTS.find(({ id }) => id === patient)?.system ?? 'hospital-system';

/** Everything that happens before somebody asks: records, Consents, changes of section and label, deletions, revocations. */
export function randomScene(chance: Chance): Act[] {
  const acts: Act[] = [];
  const known = new Map<string, string[]>();
  const put = (by: string, resource: Resource, patient?: string) => {
    const target = `${resource.resourceType}/${String(resource['id'])}`;
    acts.push({
      ...{ id: `act-${acts.length}`, by, method: 'PUT', path: target, body: resource, target, resource },
      ...(patient !== undefined && { patient }),
    });
    const ofType = known.get(resource.resourceType) ?? [];
    if (!ofType.includes(target)) known.set(resource.resourceType, [...ofType, target]);
  };
  const remove = (by: string, target: string, patient: string) =>
    acts.push({ id: `act-${acts.length}`, by, method: 'DELETE', path: target, target, patient });
  const among = (type: string) => known.get(type) ?? [];

  const practitioner = (id: string): Resource => ({
    resourceType: 'Practitioner',
    id,
    name: [{ family: id }],
  });
  put('hospital-system', practitioner('doc-0'));
  put('hospital-system', practitioner('doc-1'));
  put('lab-system', practitioner('tech-0'));
  for (const { id, system } of PATIENTS) put(system, randomPatient(id, chance), id);
  for (const id of ['med-0', 'med-1'])
    put('hospital-system', {
      resourceType: 'Medication',
      id,
      code: { coding: [{ system: 'http://example.org/med', code: id }] },
    });

  /** Owner and type of what is there. */
  const there: { type: Clinical; id: string; patient: string }[] = [];
  /** A Provenance belongs to whoever its target does. */
  const ownerOf = ({ target }: Resource, byDefault: string): string => {
    const [first] = (target ?? []) as { reference: string }[];
    const known = there.find(({ type, id }) => `${type}/${id}` === first?.reference);
    return known?.patient ?? byDefault;
  };
  const consents: { consent: Resource; patient: string }[] = [];
  for (let step = 0; step < 60; step++) {
    const roll = chance.below(100);
    const patient = chance.pick(PATIENTS).id;
    if (roll < 55 || there.length === 0) {
      const type = chance.pick(CLINICAL);
      const id = `${type.slice(0, 4).toLowerCase()}-${there.length}`;
      const resource = clinicalResource(type, id, patient, among, chance);
      const owner = ownerOf(resource, patient);
      put(homeSystem(owner), resource, owner);
      there.push({ type, id, patient: owner });
    } else if (roll < 67) {
      const { type, id, patient: owner } = chance.pick(there);
      const resource = clinicalResource(type, id, owner, among, chance);
      if (ownerOf(resource, owner) === owner) put(homeSystem(owner), resource, owner);
    } else if (roll < 72) {
      const { type, id, patient: owner } = chance.pick(there);
      remove(homeSystem(owner), `${type}/${id}`, owner);
    } else if (roll < 94 || consents.length === 0) {
      const consent = randomConsent(`con-${consents.length}`, patient, chance);
      // Whose id is not theirs to choose posts it: the id is then the call's.
      acts.push(consentAct(`act-${acts.length}`, consent, patient));
      consents.push({ consent: { ...consent, id: `act-${acts.length - 1}-0` }, patient });
    } else {
      const { consent, patient: owner } = chance.pick(consents);
      put(owner, { ...consent, status: 'inactive' }, owner);
    }
  }
  return acts;
}

function consentAct(id: string, { id: _, ...consent }: Resource, patient: string): Act {
  const body = consent as Resource;
  return {
    ...{ id, by: patient, method: 'POST', path: 'Consent', body },
    ...{ target: `Consent/${id}-0`, patient, resource: body },
  };
}

function randomPatient(id: string, chance: Chance): Resource {
  return {
    resourceType: 'Patient',
    id,
    identifier: [{ system: 'http://example.org/mrn', value: id } satisfies JsonObject],
    name: [{ family: chance.pick(['Alpha', 'Beta']), given: [id] }],
    gender: chance.pick(['female', 'male']),
    ...(chance.happens(60) && { generalPractitioner: [{ reference: 'Practitioner/doc-1' }] }),
  };
}
