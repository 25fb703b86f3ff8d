import { operationDefinition, readOwnDefinition } from './definition.ts';
import { OWN_DEFINITIONS, type Operation } from './operation.ts';
import { OPERATIONS } from './table.ts';

const own: Operation = {
  name: 'first-word',
  levels: ['instance'],
  types: ['Consent'],
  changesState: false,
  parameters: [{ name: 'who', type: 'Reference', min: 1, documentation: 'Whom it is about' }],
  definition: `${OWN_DEFINITIONS}first-word`,
  title: 'The first word',
  run: () => Promise.reject(new RangeError('never run')),
};

test('our own operation says in its OperationDefinition where it is called and what it takes', () => {
  expect(operationDefinition(own)).toMatchObject({
    id: 'first-word',
    url: `${OWN_DEFINITIONS}first-word`,
    code: 'first-word',
    affectsState: false,
    resource: ['Consent'],
    system: false,
    type: false,
    instance: true,
    parameter: [
      { name: 'who', use: 'in', min: 1, max: '1', type: 'Reference' },
      { name: 'return', use: 'out' },
    ],
  });
});

test("HL7's definitions are HL7's to publish", () => {
  const hl7 = OPERATIONS.filter(({ definition }) => definition.startsWith('http://hl7.org/'));
  expect(hl7.map(operationDefinition)).toEqual(hl7.map(() => undefined));
});

test('a definition is read by its id, and no other is found', () => {
  const read = readOwnDefinition([own]);
  const request = (id: string) => ({ id }) as Parameters<typeof read>[0];
  expect(read(request('first-word'))?.status).toBe(200);
  expect(read(request('second-word'))).toBeUndefined();
});

test('no two operations share a name at one level of one type', () => {
  const places = OPERATIONS.flatMap(({ name, levels, types }) =>
    levels.flatMap((level) => (types === 'all' ? ['*'] : types).map((type) => `${level} ${type} ${name}`)),
  );
  expect(new Set(places).size).toBe(places.length);
});
