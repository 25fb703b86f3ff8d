import { ImplicitSystems } from './code-systems.ts';
import { Elements } from './elements.ts';
import { ExpressionError, parseExpression } from './expression.ts';
import { pathsOf } from './paths.ts';

const element = (path: string, ...types: string[]) => ({ path, type: types.map((code) => ({ code })) });
const structure = (type: string, ...elements: { path: string; type: { code: string }[] }[]) => ({
  resourceType: 'StructureDefinition' as const,
  fhirVersion: '4.0.1',
  kind: 'resource',
  abstract: false,
  type,
  snapshot: { element: elements },
});
const compiler = {
  elements: new Elements([
    structure(
      'Thing',
      element('Thing.extension', 'Extension'),
      element('Thing.value[x]', 'Quantity', 'CodeableConcept', 'dateTime'),
      element('Thing.owner', 'Reference'),
      element('Thing.part', 'BackboneElement'),
      element('Thing.part.name', 'string'),
      element('Thing.part.alias', 'string'),
    ),
    structure('CodeableConcept', element('CodeableConcept.text', 'string')),
    structure('Extension', element('Extension.value[x]', 'string', 'code')),
  ]),
  systems: new ImplicitSystems([], []),
};
const compiled = (source: string) =>
  pathsOf(compiler, parseExpression(source), {
    resource: 'Thing',
    start: [{ path: 'Thing', type: 'Thing' }],
    source,
  });
const steps = (source: string) => compiled(source).map((path) => path.steps);

test.each([
  ['Thing.value', [['valueQuantity'], ['valueCodeableConcept'], ['valueDateTime']]],
  ['Thing.value as Quantity', [['valueQuantity']]],
  ['(Thing.value as CodeableConcept).text', [['valueCodeableConcept', 'text']]],
  ['Thing.value.as(dateTime)', [['valueDateTime']]],
  ['Thing.value.ofType(DateTime)', [['valueDateTime']]],
  ['(Thing.part | Thing.part).name', [['part', 'name']]],
  [
    'Thing.part.name | Thing.part.alias',
    [
      ['part', 'name'],
      ['part', 'alias'],
    ],
  ],
  ['part.name', [['part', 'name']]],
  ['Thing.part[1].name', [['part', { index: 1 }, 'name']]],
  ["Thing.part.where(name='a b').alias", [['part', { where: 'name', is: 'a b' }, 'alias']]],
  ['Thing.owner.where(resolve() is Patient)', [['owner', { resolvesTo: 'Patient' }]]],
  [
    "Thing.extension('http://x.org/y').value as string",
    [['extension', { where: 'url', is: 'http://x.org/y' }, 'valueString']],
  ],
  ['Other.part.name', []],
  ['Resource.part.name', [['part', 'name']]],
])('%s becomes JSON properties', (source, expected) => {
  expect(steps(source)).toEqual(expected);
});

test('a condition becomes a question about elements', () => {
  expect(compiled('Thing.owner.exists()')).toEqual([{ steps: ['owner'], type: 'boolean', exists: {} }]);
  expect(compiled('Thing.owner.exists() and Thing.owner != false')).toEqual([
    { steps: ['owner'], type: 'boolean', exists: { unless: false } },
  ]);
});

test.each([
  'Thing.',
  'Thing.part.first()',
  'Thing.owner.resolve().name',
  "Thing.part.where(name > 'a')",
  'Thing.part ; Thing',
  'Thing.owner != false',
  'Thing.owner.exists() and Thing.part != false',
  '(Thing.part | Thing.owner)[0]',
  '(Thing.part',
])('%s is refused, since it would be compiled to something else', (source) => {
  expect(() => compiled(source)).toThrow(ExpressionError);
});
