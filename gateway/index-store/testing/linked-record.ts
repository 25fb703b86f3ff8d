import type { Resource } from '../../fhir/resource.ts';
import type { TestStore } from './store.ts';

const OBSERVATIONS = 1010;

/** Puts one patient's record of many Observations into an index, linked in several ways. */
export async function putLinked(store: TestStore): Promise<void> {
  await store.grant('p1', 'Organization/hospital');
  const subject = { reference: 'Patient/p1' };
  const observations: Resource[] = Array.from({ length: OBSERVATIONS }, (_, at) => ({
    resourceType: 'Observation',
    id: `o${at}`,
    status: 'final',
    code: { coding: [{ system: 'urn:c', code: '1' }] },
    subject,
    ...(at > 0 && at < 4 && { basedOn: [{ reference: 'ServiceRequest/s1' }] }),
    valueQuantity: { value: at },
  }));
  await store.put([
    { resourceType: 'Patient', id: 'p1', name: [{ family: 'F' }] },
    { resourceType: 'ServiceRequest', id: 's2', status: 'active', intent: 'order', subject },
    {
      resourceType: 'ServiceRequest',
      id: 's1',
      status: 'draft',
      intent: 'order',
      subject,
      basedOn: [{ reference: 'ServiceRequest/s2' }],
    },
    {
      resourceType: 'List',
      id: 'l1',
      status: 'current',
      mode: 'working',
      subject,
      entry: [{ item: { reference: 'Observation/o0' } }, { item: { reference: 'ServiceRequest/s1' } }],
    },
    ...observations,
  ]);
}

export const repeated = (count: number, piece: (at: number) => string, between = ','): string =>
  Array.from({ length: count }, (_, at) => piece(at)).join(between);

export const linksOf = (links: number): string => `Observation?${'based-on.'.repeat(links)}status=active`;
