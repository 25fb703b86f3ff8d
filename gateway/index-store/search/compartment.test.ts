import { afterAll, beforeAll } from '@jest/globals';
import type { SearchRequest } from '../port.ts';
import { TestStore } from '../testing/store.ts';

let store: TestStore;
beforeAll(async () => {
  store = await TestStore.open();
  const observation = (id: string, patient: string, more: object) => ({
    resourceType: 'Observation',
    id,
    status: 'final',
    code: { coding: [{ system: 'urn:c', code: '1' }] },
    subject: { reference: `Patient/${patient}` },
    ...more,
  });
  await store.put([
    {
      resourceType: 'Encounter',
      id: 'e1',
      status: 'finished',
      class: { code: 'AMB' },
      subject: { reference: 'Patient/p1' },
    },
    observation('in', 'p1', { encounter: { reference: 'Encounter/e1' } }),
    observation('by', 'p1', {
      performer: [{ reference: 'Practitioner/d' }],
      device: { reference: 'Device/m' },
    }),
    observation('hidden', 'p2', { encounter: { reference: 'Encounter/e1' } }),
  ]);
  await store.grant('p1', 'Organization/hospital');
});
afterAll(() => store.close());

test.each<[string, SearchRequest['compartment'], string[]]>([
  ['Observation', { type: 'Encounter', id: 'e1' }, ['in']],
  ['Observation?code=urn:c|2', { type: 'Encounter', id: 'e1' }, []],
  ['', { type: 'Encounter', id: 'e1' }, ['e1', 'in']],
  ['Encounter', { type: 'Encounter', id: 'e1' }, ['e1']],
  ['Observation', { type: 'Practitioner', id: 'd' }, ['by']],
  ['Observation', { type: 'Device', id: 'm' }, ['by']],
  ['Observation', { type: 'Device', id: 'none' }, []],
  ['Observation', { type: 'Patient', id: 'p1' }, ['by', 'in']],
])('%s in the compartment %j finds %j', async (query, compartment, ids) => {
  const found = await store.search(query, { ...(compartment && { compartment }) });
  expect([found.matches.map(({ id }) => id).sort(), found.total]).toEqual([ids, ids.length]);
});

test('a type that is never in a compartment is refused there', async () => {
  const compartment = { type: 'Device' as const, id: 'm' };
  await expect(store.search('Goal', { compartment })).rejects.toMatchObject({ status: 400 });
});
