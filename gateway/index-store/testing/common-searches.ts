import type { SearchRequest } from '../port.ts';
import type { TestStore } from './store.ts';

export const byDate = { sort: [{ code: 'date', descending: true }] };
/** Searches that clients make all the time. */
export const common: [query: string, more?: Partial<SearchRequest>][] = [
  ['Observation?patient=p1&code=urn:c|1'],
  ['Observation?patient=p1&code=1', byDate],
  ['Observation?patient=p1', byDate],
  ['Observation?patient=p1&date=ge2020&date=lt2021', byDate],
  ['Observation?code=urn:c|1'],
  ['Observation?code=urn:c|1', byDate],
  ['Observation?code=urn:c|'],
  ['Observation', byDate],
  ['Observation', { sort: [{ code: '_lastUpdated', descending: true }] }],
  ['Observation?date=ge2020&date=lt2021'],
  ['Observation?date=ge2020&date=lt2021', byDate],
  ['Observation?subject:Patient.identifier=urn:mrn|1&code=1'],
  [
    'Observation?encounter=e1',
    { include: ['Observation:subject'], revinclude: ['Observation:derived-from'] },
  ],
  ['Observation?_id=o1'],
  ['Observation?value-quantity=5'],
  ['Observation?value-quantity=5|http://unitsofmeasure.org|mg'],
  ['Observation?_content=fever'],
  ['Observation?_text=fever&patient=p1', byDate],
  ['Location?near=52|13|10|km'],
  ['Patient?_list=42'],
  ['Patient?identifier=urn:mrn|1'],
  ['Patient?name=f'],
  ['Patient?_has:Observation:patient:code=1'],
];

/** One patient's record, of more resources than a search counts before it begins. */
export async function putRecord(store: TestStore): Promise<void> {
  await store.grant('p1', 'Organization/hospital');
  await store.block((tx) => tx.putPrivacy('p1', { c: { type: 'permit', sections: ['vitals'] } }));
  await store.put([
    {
      resourceType: 'Patient',
      id: 'p1',
      name: [{ family: 'F' }],
      identifier: [{ system: 'urn:mrn', value: '1' }],
    },
    ...[...Array(1100).keys()].map((at) => ({
      resourceType: 'Observation',
      id: `o${at}`,
      status: 'final',
      subject: { reference: 'Patient/p1' },
      encounter: { reference: 'Encounter/e1' },
      effectiveDateTime: '2020-01-01',
      code: { coding: [{ system: 'urn:c', code: String(at % 2) }] },
      valueQuantity: { value: at },
    })),
  ]);
}
