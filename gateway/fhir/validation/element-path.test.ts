import { exists, expressionOf, stepsOf, typeOf } from './element-path.ts';

const patient = { resourceType: 'Patient', name: [{ given: ['a'], _family: { id: 'b' } }], 'a/b': [1] };

test('a JSON pointer becomes the FHIRPath of its element', () => {
  expect(expressionOf('Patient', stepsOf(patient, '/name/0/given/0'))).toBe('Patient.name[0].given[0]');
  expect(expressionOf('Patient', stepsOf(patient, '/name/0/_family/id'))).toBe('Patient.name[0].family.id');
  expect(stepsOf(patient, '/a~1b/0')).toEqual(['a/b', 0]);
  expect(expressionOf('Patient', stepsOf(patient, ''))).toBe('Patient');
});

test.each([
  ['Patient', true],
  ['Patient.name[0].given[0]', true],
  ['Patient.name[0].family', true],
  ['Patient.name[1]', false],
  ['Patient.name[0].given[1]', false],
  ['Patient.contact[0].name', false],
  ['Patient.deceased[x]', false],
])('%s is there: %j', (expression, there) => {
  expect(exists(patient, expression)).toBe(there);
});

test.each([
  [{ resourceType: 'Patient' }, 'Patient'],
  [{}, 'Resource'],
  [{ resourceType: 7 }, 'Resource'],
  [{ resourceType: '<script>' }, 'Resource'],
])('%j is called %s in messages', (resource, name) => {
  expect(typeOf(resource)).toBe(name);
});
