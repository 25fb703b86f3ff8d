import type { JsonObject } from '../resource.ts';
import { checkTypes } from './typed.ts';
import type { TypeTable } from './type-table.ts';

/** What the tests need of R4's. */
const table: TypeTable = {
  Patient: {
    contact: ['Patient.contact'],
    contained: ['Resource'],
    telecom: ['ContactPoint'],
    managingOrganization: ['Reference', 'Organization'],
    photo: ['Attachment'],
  },
  'Patient.contact': { period: ['Period'] },
  Bundle: { entry: ['Bundle.entry'] },
  'Bundle.entry': { resource: ['Resource'] },
  Practitioner: {},
  Organization: {},
  ContactPoint: { period: ['Period'] },
  Reference: { identifier: ['Identifier'] },
  Identifier: { period: ['Period'] },
};
const patient = (elements: JsonObject): JsonObject => ({ resourceType: 'Patient', ...elements });
const faults = (resource: JsonObject): string[] =>
  checkTypes(resource, table).map(({ diagnostics, expression }) => `${String(expression)} ${diagnostics}`);

const organisation = (reference: string): JsonObject => ({ managingOrganization: { reference } });

test.each([
  ['a period that ends before it starts', { start: '2020-01-02', end: '2020-01-01' }, true],
  ['a period within a year', { start: '2020', end: '2020-01-01' }, false],
  ['a day with its time and without', { start: '2020-01-01T10:00:00Z', end: '2020-01-01' }, false],
  ['the next day with a time', { start: '2020-01-02T10:00:00Z', end: '2020-01-01' }, true],
  ['times in two zones', { start: '2020-01-01T10:00:00+02:00', end: '2020-01-01T09:00:00Z' }, false],
  ['an open period', { start: '2020-01-01' }, false],
])('%s', (_, period, isFault) => {
  const found = faults(patient({ contact: [{}, { period }] }));
  expect(found).toEqual(
    isFault ? ['Patient.contact[1].period per-1: If present, start must not be after end'] : [],
  );
});

test.each([
  ['another type', 'Practitioner/1', true],
  ['a version of another type', 'Practitioner/1/_history/2', true],
  ['another type elsewhere', 'https://example.org/fhir/Practitioner/1', true],
  ['another type by its criteria', 'Practitioner?identifier=a|b', true],
  ['the container itself', '#', true],
  ['the right type', 'Organization/1', false],
  ['the right type elsewhere', 'https://example.org/fhir/Organization/1', false],
  ['an entry of the bundle', 'urn:uuid:418442cb-8b28-49f6-2380-74d71feccc6b', false],
  ['something that is no type', 'https://example.org/Something/1', false],
])('a reference to %s', (_, reference, isFault) => {
  expect(faults(patient(organisation(reference)))).toEqual(
    isFault ? ['Patient.managingOrganization Must refer to one of: Organization'] : [],
  );
});

test('a reference to what is contained goes by its type', () => {
  const contained = [
    { resourceType: 'Practitioner', id: 'a' },
    { resourceType: 'Organization', id: 'b' },
  ];
  expect(faults(patient({ contained, ...organisation('#a') }))).toHaveLength(1);
  expect(faults(patient({ contained, ...organisation('#b') }))).toEqual([]);
});

test('an entry of a bundle is walked through as what it is', () => {
  const resource = patient({ telecom: [{ value: '1' }] });
  expect(faults({ resourceType: 'Bundle', entry: [{ resource }] })).toEqual([
    'Bundle.entry[0].resource.telecom[0] cpt-2: A value has a system',
  ]);
});
