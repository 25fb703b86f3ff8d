import type { FhirRequest } from '../request.ts';
import type { JsonObject, Resource } from '../resource.ts';
import { givenParameters } from './given-parameters.ts';
import type { Operation } from './operation.ts';

const operation: Operation = {
  name: 'try',
  levels: ['type'],
  types: 'all',
  changesState: false,
  parameters: [
    { name: 'mode', type: 'code' },
    { name: 'often', type: 'date', max: '*' },
    { name: 'count', type: 'integer' },
    { name: 'meta', type: 'Meta' },
    { name: 'resource', type: 'Resource' },
  ],
  definition: 'http://hl7.org/fhir/OperationDefinition/try',
  title: 'A try',
  run: () => Promise.reject(new RangeError('never run')),
};

const given = (query: FhirRequest['query'], resource?: JsonObject, lenient = false) =>
  givenParameters(operation, {
    query,
    prefer: { lenient },
    ...(resource && { body: { resource: resource as Resource } }),
  } as FhirRequest);
const parameters = (...parameter: JsonObject[]): JsonObject => ({ resourceType: 'Parameters', parameter });

test('the same is read from the URL and from Parameters', () => {
  const pairs = [
    ['mode', 'create'],
    ['often', '2026'],
    ['often', '2025-01'],
    ['count', '3'],
  ] as const;
  expect(given([...pairs, ['_format', 'json']]).pairs).toEqual(pairs);
  const posted = parameters(
    { name: 'mode', valueString: 'create' },
    { name: 'often', valueDate: '2026' },
    { name: 'often', valueDateTime: '2025-01' },
    { name: 'count', valueInteger: 3 },
  );
  expect(given([], posted).pairs).toEqual(pairs);
});

test('a resource is taken as the body, or as a parameter', () => {
  const resource = { resourceType: 'Basic' };
  expect(given([], resource).resource?.resource).toEqual(resource);
  expect(given([], parameters({ name: 'resource', resource })).resource?.resource).toEqual(resource);
});

test.each<[string, FhirRequest['query'], JsonObject | undefined]>([
  ['a parameter that there is not', [['other', '1']], undefined],
  [
    'one twice that is taken once',
    [
      ['mode', 'a'],
      ['mode', 'b'],
    ],
    undefined,
  ],
  ['a text that is no number', [['count', 'x']], undefined],
  ['a complex value in the URL', [['meta', '{}']], undefined],
  ['a body that does not say what it is', [], {}],
  ['a parameter that is no object', [], { resourceType: 'Parameters', parameter: ['mode'] }],
  ['parameters that are no list', [], { resourceType: 'Parameters', parameter: 'mode' }],
  ['a parameter without a name', [], parameters({ valueCode: 'a' })],
  ['a parameter without a value', [], parameters({ name: 'mode' })],
  ['a number for a code', [], parameters({ name: 'mode', valueInteger: 1 })],
  ['a text for a number', [], parameters({ name: 'count', valueString: '1' })],
  ['a text for a Meta', [], parameters({ name: 'meta', valueString: 'x' })],
  ['no resource where one should be', [], parameters({ name: 'resource', valueString: 'x' })],
])('refuses, and names, %s', (_what, query, body) => {
  expect(() => given(query, body)).toThrow(expect.objectContaining({ status: 400 }) as Error);
});

test('a parameter that there is not is left out when handling is lenient', () => {
  expect(given([['other', '1']], undefined, true).pairs).toEqual([]);
});
