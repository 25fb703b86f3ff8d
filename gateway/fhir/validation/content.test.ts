import type { JsonObject } from '../resource.ts';
import { checkContent } from './content.ts';

const patient = (elements: JsonObject): JsonObject => ({ resourceType: 'Patient', ...elements });
const basic = (id: string, elements: JsonObject = {}): JsonObject => ({
  resourceType: 'Basic',
  id,
  ...elements,
});
const faults = (resource: JsonObject): string[] =>
  checkContent(resource).issues.map(({ diagnostics, expression }) => `${String(expression)} ${diagnostics}`);

test('a resource inside is noticed, so that its definition can be loaded', () => {
  const bundle: JsonObject = {
    resourceType: 'Bundle',
    entry: [
      { resource: patient({ contained: [basic('a')] }) },
      { response: { outcome: { resourceType: 'OperationOutcome', issue: [] } } },
    ],
  };
  expect([...checkContent(bundle).types].sort()).toEqual(['Basic', 'Bundle', 'OperationOutcome', 'Patient']);
});

test.each([
  ['an empty object', { name: [{}] }, 'Patient.name[0] ele-1'],
  ['an element with an id and nothing else', { name: [{ id: 'x' }] }, 'Patient.name[0] ele-1'],
  ['an empty primitive extension', { _birthDate: {} }, 'Patient.birthDate ele-1'],
  ['null for an element', { birthDate: null }, 'Patient.birthDate null'],
  ['null in a list', { name: [{ given: ['a', null] }] }, 'Patient.name[0].given[1] null'],
  ['null for a complex element', { name: [null] }, 'Patient.name[0] null'],
  ['an extension that is null', { name: [{ given: ['a'], _given: [null] }] }, undefined],
  [
    'null for a value whose extension is null as well',
    { name: [{ given: [null], _given: [null] }] },
    'Patient.name[0].given[0] null',
  ],
  [
    'null for a value that has an extension',
    { name: [{ given: [null], _given: [{ extension: [{ url: 'a', valueCode: 'b' }] }] }] },
    undefined,
  ],
  [
    'more extensions than values',
    { name: [{ given: ['a'], _given: [null, { extension: [{ url: 'a', valueCode: 'b' }] }] }] },
    'must be of one length',
  ],
  [
    'ids of elements',
    {
      name: [
        { id: 'a', text: 'a' },
        { id: 'b', text: 'b' },
      ],
    },
    undefined,
  ],
  [
    'one id for two elements',
    { name: [{ id: 'a', text: 'a' }], _birthDate: { id: 'a' } },
    'Patient.birthDate Two elements',
  ],
  ['script in the narrative', { text: { div: '<script/>' } }, 'Patient.text.div txt-1'],
])('%s', (_, elements, fault) => {
  const found = faults(patient(elements));
  expect(found.join()).toContain(fault ?? '');
  expect(found.length > 0).toBe(fault !== undefined);
});

test.each([
  [
    'a reference to a contained resource',
    { contained: [basic('a')], generalPractitioner: [{ reference: '#a' }] },
    undefined,
  ],
  [
    'a contained resource that nobody refers to',
    { contained: [basic('a')], name: [{ text: '#b' }] },
    'Patient.contained[0] dom-3',
  ],
  [
    'a contained resource that a canonical names',
    { contained: [basic('a')], extension: [{ url: 'a', valueCanonical: '#a' }] },
    undefined,
  ],
  [
    'a contained resource without an id',
    { contained: [{ resourceType: 'Basic', subject: { reference: '#' } }] },
    'Patient.contained[0] dom-3',
  ],
  [
    'a contained resource that refers to its container',
    { contained: [basic('a', { subject: { reference: '#' } })] },
    undefined,
  ],
  [
    'contained resources that refer to each other',
    {
      contained: [basic('a', { subject: { reference: '#b' } }), basic('b', { subject: { reference: '#a' } })],
    },
    undefined,
  ],
  [
    'a reference to nothing contained',
    { generalPractitioner: [{ reference: '#a' }] },
    'Patient.generalPractitioner[0] ref-1',
  ],
  [
    'a contained resource in a contained one',
    { contained: [basic('a', { contained: [basic('b')] })] },
    'Patient.contained[0] dom-2',
  ],
  ['one id twice', { contained: [basic('a'), basic('a')] }, 'Patient.contained Two contained'],
])('%s', (_, elements, fault) => {
  const found = faults(patient(elements));
  expect(found.join()).toContain(fault ?? '');
  expect(found.length > 0).toBe(fault !== undefined);
});

test('what one entry of a bundle contains, another entry cannot refer to', () => {
  const entry = [
    { resource: patient({ contained: [basic('a', { subject: { reference: '#' } })] }) },
    { resource: patient({ generalPractitioner: [{ reference: '#a' }] }) },
  ];
  expect(faults({ resourceType: 'Bundle', entry })).toEqual([
    'Bundle.entry[1].resource.generalPractitioner[0] ref-1: No contained resource has this id',
  ]);
});

test('a million faults are reported as fifty', () => {
  expect(checkContent(patient({ name: Array.from({ length: 1_000_000 }, () => ({})) })).issues).toHaveLength(
    50,
  );
});
