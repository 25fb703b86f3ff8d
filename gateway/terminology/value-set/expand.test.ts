import type { ValueSet } from '@medplum/fhirtypes';
import type { Resource } from '../../fhir/resource.ts';
import { FhirError } from '../../fhir/errors.ts';
import type { ExpandOptions } from '../port.ts';
import { ANIMALS, animals, filtered, valueSet } from '../testing/animals.ts';
import { terminologyOf, type OwnFile } from '../testing/own-file.ts';

let own: OwnFile;

beforeAll(() => {
  own = terminologyOf([
    animals,
    valueSet('all', { include: [{ system: ANIMALS }] }),
    valueSet('mammals', {
      include: [{ system: ANIMALS, filter: [{ property: 'concept', op: 'is-a', value: 'mammal' }] }],
    }),
    valueSet('circle', { include: [{ valueSet: ['urn:vs:circle'] }] }),
    { resourceType: 'CodeSystem', id: 'none', url: 'urn:none', status: 'active', content: 'not-present' },
  ]);
});
afterAll(() => own.remove());

const expand = (resource: Resource, options: ExpandOptions = {}) =>
  own.terminology.expand(resource as unknown as ValueSet, options).expansion;
const codes = (resource: Resource, options?: ExpandOptions) =>
  expand(resource, options)?.contains?.map(({ code }) => code) ?? [];
const failure = (work: () => unknown): FhirError => {
  try {
    work();
  } catch (error) {
    if (error instanceof FhirError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
};

const ALL = ['animal', 'mammal', 'dog', 'bat', 'flying', 'finch', 'dodo'];

test.each<[string, string, string, string[]]>([
  ['concept', 'is-a', 'flying', ['bat', 'flying', 'finch', 'dodo']],
  ['concept', 'descendent-of', 'flying', ['bat', 'finch', 'dodo']],
  ['concept', 'is-not-a', 'mammal', ['animal', 'flying', 'finch', 'dodo']],
  ['concept', 'generalizes', 'bat', ['animal', 'mammal', 'bat', 'flying']],
  ['concept', 'in', 'dog, finch, cat', ['dog', 'finch']],
  ['concept', 'not-in', 'dog,animal', ['mammal', 'bat', 'flying', 'finch', 'dodo']],
  ['code', 'regex', '[df].*', ['dog', 'flying', 'finch', 'dodo']],
  ['code', '=', 'dog', ['dog']],
  ['display', '=', 'Fruit bat', ['bat']],
  ['legs', '=', '4', ['dog']],
  ['legs', 'in', '2,4', ['dog', 'bat']],
  ['legs', 'exists', 'true', ['dog', 'bat']],
  ['legs', 'exists', 'false', ['animal', 'mammal', 'flying', 'finch', 'dodo']],
  ['legs', 'regex', '\\d', ['dog', 'bat']],
  ['parent', '=', 'flying', ['bat', 'finch', 'dodo']],
  ['child', '=', 'bat', ['mammal', 'flying']],
  ['concept', 'is-a', 'unicorn', []],
])('%s %s %s selects %j', (property, op, value, expected) => {
  expect(codes(filtered('f', [property, op, value]))).toEqual(expected);
});

test('filters of one part hold together', () => {
  expect(codes(filtered('f', ['concept', 'is-a', 'flying'], ['legs', 'exists', 'true']))).toEqual(['bat']);
});

test('a part takes away what exclude names, and codes come once', () => {
  const resource = valueSet('x', {
    include: [
      { system: ANIMALS, concept: [{ code: 'dog' }, { code: 'bat' }] },
      { valueSet: ['urn:vs:mammals'] },
    ],
    exclude: [{ system: ANIMALS, concept: [{ code: 'bat' }] }],
  });
  expect(codes(resource)).toEqual(['dog', 'mammal']);
});

test('a part with several value sets has what is in all of them', () => {
  const resource = valueSet('x', {
    include: [
      {
        system: ANIMALS,
        filter: [{ property: 'concept', op: 'is-a', value: 'flying' }],
        valueSet: ['urn:vs:mammals'],
      },
    ],
  });
  expect(codes(resource)).toEqual(['bat']);
});

test('codes of a system that is not loaded are those that the value set lists', () => {
  const resource = valueSet('x', {
    include: [{ system: 'urn:far', version: '3', concept: [{ code: '1', display: 'One' }] }],
  });
  expect(expand(resource)?.contains).toEqual([
    { system: 'urn:far', version: '3', code: '1', display: 'One' },
  ]);
});

test('a text filter finds the beginnings of words, in designations too', () => {
  const all = valueSet('x', { include: [{ system: ANIMALS }] });
  expect(codes(all, { filter: 'ani' })).toEqual(['animal', 'flying']);
  expect(codes(all, { filter: 'BAT fru' })).toEqual(['bat']);
  expect(codes(all, { filter: 'hund' })).toEqual(['dog']);
  expect(
    codes(
      valueSet('y', { include: [{ system: 'urn:far', concept: [{ code: '1', display: 'Wild Cat' }] }] }),
      { filter: 'cat' },
    ),
  ).toEqual(['1']);
});

test('pages follow each other, and each says how many there are', () => {
  const all = valueSet('x', { include: [{ system: ANIMALS }] });
  expect(codes(all)).toEqual(ALL);
  const pages = [0, 3, 6, 9].map((offset) => expand(all, { offset, count: 3 }));
  expect(pages.flatMap((page) => page?.contains?.map(({ code }) => code) ?? [])).toEqual(ALL);
  expect(pages.map((page) => [page?.total, page?.offset])).toEqual([0, 3, 6, 9].map((offset) => [7, offset]));
  expect(expand(all, { count: 0 })).toMatchObject({ total: 7 });
});

test('an expansion marks what is abstract or inactive, and leaves the inactive out where that is asked for', () => {
  const all = valueSet('x', { include: [{ system: ANIMALS }] });
  const contains = expand(all)?.contains ?? [];
  expect(contains.find(({ code }) => code === 'animal')).toMatchObject({ abstract: true });
  expect(contains.find(({ code }) => code === 'dodo')).toMatchObject({ inactive: true });
  expect(codes(all, { activeOnly: true })).not.toContain('dodo');
  expect(codes(valueSet('y', { inactive: false, include: [{ system: ANIMALS }] }))).not.toContain('dodo');
});

test('designations come along, and one in the language that is asked for is the display', () => {
  const dog = filtered('f', ['code', '=', 'dog']);
  expect(expand(dog, { includeDesignations: true })?.contains?.[0]?.designation).toHaveLength(2);
  expect(expand(dog, { displayLanguage: 'de' })?.contains?.[0]).toEqual({
    system: ANIMALS,
    code: 'dog',
    display: 'Hund',
  });
});

test('the code systems that were used are named with their versions', () => {
  expect(expand(valueSet('x', { include: [{ system: ANIMALS }] }))?.parameter).toContainEqual({
    name: 'version',
    valueUri: `${ANIMALS}|2`,
  });
});

test.each<[string, Resource, string, string]>([
  [
    'of a code system that is not loaded',
    valueSet('x', { include: [{ system: 'urn:far' }] }),
    'not-found',
    'urn:far is not loaded',
  ],
  [
    'of another version than is loaded',
    valueSet('x', { include: [{ system: ANIMALS, version: '1' }] }),
    'not-found',
    `${ANIMALS}|1`,
  ],
  [
    'of a code system without its content',
    valueSet('x', { include: [{ system: 'urn:none' }] }),
    'incomplete',
    'urn:none',
  ],
  [
    'of a value set that is not known',
    valueSet('x', { include: [{ valueSet: ['urn:vs:far'] }] }),
    'not-found',
    'urn:vs:far',
  ],
  [
    'of a value set in itself',
    valueSet('x', { include: [{ valueSet: ['urn:vs:circle'] }] }),
    'not-supported',
    'refers to itself',
  ],
  [
    'with an expression that never ends',
    filtered('x', ['display', 'regex', '(([a-zA-Z ]+)+)+!']),
    'not-supported',
    '',
  ],
  [
    'with an expression that is none',
    filtered('x', ['code', 'regex', '(']),
    'not-supported',
    'regular expression',
  ],
  ['with an operator that is none', filtered('x', ['code', 'like', 'a']), 'not-supported', 'like'],
])('an expansion %s is refused, and it is said why', (_, resource, code, why) => {
  if (why === '') {
    expect(codes(resource)).toEqual([]);
    return;
  }
  const { status, issues } = failure(() => expand(resource));
  expect(status).toBe(422);
  expect(issues[0]?.code).toBe(code);
  expect(issues[0]?.diagnostics).toContain(why);
});

test('a value set that is too large is refused whole, and given in pages', () => {
  const many = valueSet('x', {
    include: [
      { system: 'urn:far', concept: Array.from({ length: 5001 }, (_, at) => ({ code: String(at) })) },
    ],
  });
  expect(failure(() => expand(many)).issues[0]).toMatchObject({
    code: 'too-costly',
    diagnostics: expect.stringContaining('pages'),
  });
  expect(expand(many, { offset: 4999, count: 10 })).toMatchObject({
    total: 5001,
    contains: [{ code: '4999' }, { code: '5000' }],
  });
});

test.each<[string, string | undefined, boolean]>([
  ['dog', ANIMALS, true],
  ['bat', ANIMALS, true],
  ['finch', ANIMALS, false],
  ['dog', 'urn:far', false],
  ['dog', undefined, true],
  ['finch', undefined, false],
])('whether %s of %s is a member is told without an expansion', (code, system, expected) => {
  const set = own.terminology.definition('ValueSet', 'urn:vs:mammals') as unknown as ValueSet;
  const { member } = own.terminology.contains(set, { code, ...(system !== undefined && { system }) });
  expect(member !== undefined).toBe(expected);
});

test('a search is given the codes of a value set, by its URL, its id or where it is read', () => {
  for (const name of ['urn:vs:mammals', 'ValueSet/mammals', 'http://here/fhir/R4/ValueSet/mammals'])
    expect(own.terminology.codesIn(name).map(({ code }) => code)).toEqual(['mammal', 'dog', 'bat']);
  expect(failure(() => own.terminology.codesIn('ValueSet/none')).status).toBe(422);
});

test('a search is given what is above and below a code', () => {
  const related = (code: string, direction: 'above' | 'below') =>
    own.terminology.related({ system: ANIMALS, code }, direction).map((one) => one.code);
  expect(related('bat', 'above').sort()).toEqual(['animal', 'bat', 'flying', 'mammal']);
  expect(related('flying', 'below').sort()).toEqual(['bat', 'dodo', 'finch', 'flying']);
  expect(failure(() => related('cat', 'below')).status).toBe(400);
});

test('what would take long, of whatever it is made, is refused', () => {
  const include = Array.from({ length: 300_000 }, () => ({ system: ANIMALS, concept: [] }));
  expect(failure(() => expand(valueSet('x', { include }))).issues[0]).toMatchObject({ code: 'too-costly' });
});
