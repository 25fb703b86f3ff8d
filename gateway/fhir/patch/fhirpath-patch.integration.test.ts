import { FhirError } from '../errors.ts';
import { parseJson } from '../json/parse.ts';
import { stringify } from '../json/stringify.ts';
import type { Json, JsonObject, Resource } from '../resource.ts';
import { createValidator } from '../validation/validator.ts';
import { applyFhirPathPatch } from './fhirpath-patch.ts';

const validator = createValidator();

const PATIENT: JsonObject = {
  resourceType: 'Patient',
  birthDate: '1920-01-01',
  _birthDate: { id: 'born' },
  name: [
    { use: 'official', given: ['a', 'b'], _given: [null, { id: 'b' }] },
    { use: 'usual', given: ['c'] },
  ],
  contact: [{ name: { text: 'x' } }],
  deceasedBoolean: true,
};

/** An operation as a parameter: `value` is a part by itself. */
const operation = ({ value, ...parts }: Record<string, Json>): JsonObject => ({
  name: 'operation',
  part: [
    ...Object.entries(parts).map(([name, given]) => ({
      name,
      [typeof given === 'number' ? 'valueInteger' : name === 'type' ? 'valueCode' : 'valueString']: given,
    })),
    ...(value === undefined ? [] : [{ name: 'value', ...(value as JsonObject) }]),
  ],
});

function applied(document: JsonObject, ...operations: Record<string, Json>[]): JsonObject {
  const parameters: Resource = { resourceType: 'Parameters', parameter: operations.map(operation) };
  expect(validator.validate(parameters)).toEqual([]);
  return applyFhirPathPatch({ resource: document }, { resource: parameters }).resource;
}

test.each<[string, Record<string, Json>, object]>([
  [
    'replaces a value, and leaves its extensions',
    { type: 'replace', path: 'Patient.birthDate', value: { valueDate: '1930-01-01' } },
    { ...PATIENT, birthDate: '1930-01-01' },
  ],
  [
    'replaces a choice by one of another type',
    { type: 'replace', path: 'Patient.deceased', value: { valueDateTime: '2020' } },
    { ...PATIENT, deceasedBoolean: undefined, deceasedDateTime: '2020' },
  ],
  [
    'adds to a list',
    { type: 'add', path: 'Patient.name[1]', name: 'given', value: { valueString: 'd' } },
    { ...PATIENT, name: [(PATIENT['name'] as Json[])[0] ?? null, { use: 'usual', given: ['c', 'd'] }] },
  ],
  [
    'adds the first of a list',
    {
      type: 'add',
      path: 'Patient',
      name: 'telecom',
      value: { valueContactPoint: { system: 'phone', value: '1' } },
    },
    { ...PATIENT, telecom: [{ system: 'phone', value: '1' }] },
  ],
  [
    'adds an element that has no type of its own, in parts',
    {
      type: 'add',
      path: 'Patient',
      name: 'link',
      value: {
        part: [
          { name: 'other', valueReference: { reference: 'Patient/2' } },
          { name: 'type', valueCode: 'seealso' },
        ],
      },
    },
    { ...PATIENT, link: [{ other: { reference: 'Patient/2' }, type: 'seealso' }] },
  ],
  [
    'adds a choice',
    { type: 'add', path: 'Patient', name: 'multipleBirth', value: { valueInteger: 2 } },
    { ...PATIENT, multipleBirthInteger: 2 },
  ],
  [
    'adds an extension to a value',
    {
      type: 'add',
      path: 'Patient.birthDate',
      name: 'extension',
      value: {
        part: [
          { name: 'url', valueUri: 'urn:e' },
          { name: 'value', valueString: 's' },
        ],
      },
    },
    { ...PATIENT, _birthDate: { id: 'born', extension: [{ url: 'urn:e', valueString: 's' }] } },
  ],
  [
    'deletes an element with its extensions',
    { type: 'delete', path: 'Patient.birthDate' },
    { ...PATIENT, birthDate: undefined, _birthDate: undefined },
  ],
  [
    'deletes what becomes empty',
    { type: 'delete', path: 'Patient.contact[0].name.text' },
    { ...PATIENT, contact: undefined },
  ],
  ['deletes nothing where nothing is', { type: 'delete', path: 'Patient.gender' }, PATIENT],
  [
    'inserts into a list of values, whose extensions keep their places',
    {
      type: 'insert',
      path: "Patient.name.where(use = 'official').given",
      index: 1,
      value: { valueString: 'i' },
    },
    {
      ...PATIENT,
      name: [
        { use: 'official', given: ['a', 'i', 'b'], _given: [null, null, { id: 'b' }] },
        (PATIENT['name'] as Json[])[1] ?? null,
      ],
    },
  ],
  [
    'moves in a list',
    { type: 'move', path: 'Patient.name', source: 1, destination: 0 },
    { ...PATIENT, name: [...(PATIENT['name'] as Json[])].reverse() },
  ],
])('a FHIRPath Patch %s', (_, given, expected) => {
  const before = structuredClone(PATIENT);
  expect(applied(PATIENT, given)).toEqual(JSON.parse(JSON.stringify(expected)));
  expect(PATIENT).toEqual(before);
});

test('an operation sees what those before it did', () => {
  const operations: Record<string, Json>[] = [
    { type: 'add', path: 'Patient', name: 'identifier', value: { valueIdentifier: { value: '1' } } },
    { type: 'add', path: 'Patient.identifier[0]', name: 'system', value: { valueUri: 'urn:s' } },
  ];
  expect(applied({ resourceType: 'Patient' }, ...operations)).toEqual({
    resourceType: 'Patient',
    identifier: [{ system: 'urn:s', value: '1' }],
  });
});

test('numbers stay as they were written', () => {
  const document = parseJson(
    Buffer.from('{"resourceType":"Observation","valueQuantity":{"value":1.10},"referenceRange":[]}'),
  );
  const patch = parseJson(
    Buffer.from(
      `{"resourceType":"Parameters","parameter":[{"name":"operation","part":[{"name":"type","valueCode":"add"},
      {"name":"path","valueString":"Observation"},{"name":"name","valueString":"component"},
      {"name":"value","part":[{"name":"value","valueQuantity":{"value":2.50}}]}]}]}`,
    ),
  );
  const { resource, exact } = applyFhirPathPatch(document, {
    resource: patch.resource as Resource,
    ...(patch.exact && { exact: patch.exact as Resource }),
  });
  const text = stringify(exact ?? resource);
  expect(text).toContain('"valueQuantity":{"value":1.10}');
  expect(text).toContain('"component":[{"valueQuantity":{"value":2.50}}]');
});

test.each<[number, Record<string, Json>]>([
  [400, { type: 'drop', path: 'Patient.name' }],
  [400, { type: 'delete' }],
  [400, { type: 'delete', path: 'Patient..name' }],
  [400, { type: 'insert', path: 'Patient.name', value: { valueHumanName: {} } }],
  [400, { type: 'replace', path: 'Patient.birthDate' }],
  [422, { type: 'delete', path: 'Patient.name' }],
  [422, { type: 'delete', path: 'Patient' }],
  [422, { type: 'delete', path: 'Patient.name.count()' }],
  [422, { type: 'replace', path: 'Patient.gender', value: { valueCode: 'male' } }],
  [422, { type: 'add', path: 'Patient', name: 'birthDate', value: { valueDate: '1930' } }],
  [422, { type: 'add', path: 'Patient', name: 'deceased', value: { valueBoolean: false } }],
  [422, { type: 'add', path: 'Patient', name: 'colour', value: { valueString: 'red' } }],
  [422, { type: 'add', path: 'Patient', name: '__proto__', value: { valueString: 'red' } }],
  [422, { type: 'insert', path: 'Patient.name', index: 3, value: { valueHumanName: { text: 'n' } } }],
  [422, { type: 'insert', path: 'Patient.name.given', index: 1, value: { valueString: 'n' } }],
  [422, { type: 'move', path: 'Patient.name', source: 0, destination: 2 }],
])('%i, naming the parameter, for %j', (status, given) => {
  let refused: unknown;
  try {
    applyFhirPathPatch(
      { resource: PATIENT },
      { resource: { resourceType: 'Parameters', parameter: [operation(given)] } },
    );
  } catch (error) {
    refused = error;
  }
  expect(refused).toBeInstanceOf(FhirError);
  expect(refused).toMatchObject({ status, issues: [{ expression: ['Parameters.parameter[0]'] }] });
});
