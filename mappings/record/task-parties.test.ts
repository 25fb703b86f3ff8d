import type { JsonObject, Resource } from '../resource.ts';
import { taskParties } from './task-parties.ts';

const base = 'https://fhir.example/fhir/R4';
const to = (reference: string) => ({ reference });
const order: Resource = {
  resourceType: 'Task',
  for: to('Patient/1'),
  requester: to('Practitioner/2'),
  owner: to(`${base}/Organization/5`),
  restriction: {
    recipient: [to('Organization/5'), to('Practitioner/3/_history/1'), to('Group/4'), to('Patient/1')],
  },
  performerType: [{ text: 'radiographer' }],
};

test('an order is of who asked, who does it and who may do it', () => {
  expect(taskParties(order, base)).toEqual(['Organization/5', 'Practitioner/2', 'Practitioner/3']);
});

test.each<JsonObject>([
  { owner: to('https://elsewhere.example/fhir/R4/Organization/5') },
  { owner: to(`${base}/Organization/5`) },
  { owner: to('#lab'), contained: [{ resourceType: 'Organization', id: 'lab' }] },
  { owner: to('Organization?name=lab') },
  { owner: { type: 'Organization', identifier: { value: '5' }, display: 'Organization/5' } },
  { owner: to('PractitionerRole/5') },
  { owner: 'Organization/5' },
  { note: [{ authorReference: to('Organization/5') }], restriction: 'Organization/5' },
])('%j names no party of a server whose base nobody gave', (members) => {
  expect(taskParties({ resourceType: 'Task', ...members })).toEqual([]);
});
