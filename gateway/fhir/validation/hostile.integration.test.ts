import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { FhirError } from '../errors.ts';
import { parseJson } from '../json/parse.ts';
import type { Json, JsonObject } from '../resource.ts';
import { definitionsFolder } from './build/definitions.ts';
import { createValidator } from './validator.ts';
import type { Validator } from './validator.ts';

const validator: Validator = createValidator();
const seeds = [
  'Patient-example',
  'Observation-blood-pressure',
  'Consent-consent-example-basic',
  'DiagnosticReport-lipids',
  'MedicationRequest-medrx0302',
  'ImagingStudy-example-xr',
  'Questionnaire-f201',
  'Bundle-bundle-transaction',
  'Timing-none',
].flatMap((name) => {
  try {
    return [parseJson(readFileSync(path.join(definitionsFolder(), `${name}.json`))).resource];
  } catch {
    return [];
  }
});

const names = [
  'id',
  '_id',
  'extension',
  'contained',
  'resourceType',
  'text',
  'div',
  'reference',
  'valueString',
  '_status',
  '__proto__',
  'toString',
  'length',
  'meta',
  'entry',
  'item',
  '',
];
const values: Json[] = [
  null,
  '',
  ' ',
  'a',
  '#a',
  '#',
  -1,
  1.5,
  1e300,
  true,
  {},
  [],
  [null],
  [[]],
  [{}],
  { id: 'a' },
  { extension: [] },
];
const more: Json[] = [
  '\u0000',
  '\ud800',
  'a'.repeat(2_000_000),
  '<div xmlns="http://www.w3.org/1999/xhtml">a</div>',
  { resourceType: 'Bot' },
  { resourceType: 'Patient' },
];

/** All objects and lists of a tree. */
const containers = (root: Json): (JsonObject | Json[])[] =>
  typeof root !== 'object' || root === null
    ? []
    : [root, ...(Array.isArray(root) ? root : Object.values(root)).flatMap(containers)];

/** One change somewhere: a value replaced, moved, doubled, removed or put under a wrong name. */
const mutation = fc.record({
  where: fc.nat(),
  which: fc.nat(),
  how: fc.constantFrom('replace', 'remove', 'rename', 'wrap', 'double', 'graft'),
  value: fc.oneof(fc.constantFrom(...values, ...more), fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>),
  name: fc.oneof(fc.constantFrom(...names), fc.string({ maxLength: 8 })),
});

const mutate = (
  root: JsonObject,
  changes: readonly { where: number; which: number; how: string; value: Json; name: string }[],
) => {
  for (const { where, which, how, value, name } of changes) {
    const all = containers(root);
    const target = all[where % all.length] ?? root;
    const keys = Object.keys(target);
    const key = keys[which % Math.max(1, keys.length)] ?? (Array.isArray(target) ? '0' : name);
    const old = structuredClone((Object.getOwnPropertyDescriptor(target, key)?.value ?? null) as Json);
    const put = (at: string, inserted: Json): void => {
      Object.defineProperty(target, at, {
        value: inserted,
        enumerable: true,
        writable: true,
        configurable: true,
      });
    };
    if (how === 'remove') Reflect.deleteProperty(target, key);
    else if (how === 'replace') put(key, structuredClone(value));
    else if (how === 'wrap') put(key, Array.isArray(old) ? (old[0] ?? null) : [old]);
    else
      put(
        Array.isArray(target) ? String(target.length) : name,
        how === 'rename' ? old : structuredClone(how === 'double' ? root : value),
      );
  }
  return root;
};

test('the seeds are valid resources', () => {
  expect(seeds.length).toBeGreaterThanOrEqual(6);
  for (const seed of seeds) expect(validator.validate(seed)).toEqual([]);
});

test('a resource changed at random is valid or refused with 400 or 422 and the elements named; nothing else happens', () => {
  let refused = 0;
  fc.assert(
    fc.property(
      fc.constantFrom(...seeds),
      fc.array(mutation, { minLength: 1, maxLength: 4 }),
      (seed, changes) => {
        const resource = mutate(structuredClone(seed), changes);
        try {
          validator.assertValid(resource);
        } catch (error) {
          if (!(error instanceof FhirError)) throw error;
          refused++;
          expect([400, 422]).toContain(error.status);
          for (const { expression, diagnostics } of error.issues) {
            expect(expression?.[0]).toMatch(/^[A-Za-z]/);
            expect(diagnostics).not.toBe('');
          }
        }
      },
    ),
    { numRuns: 1500 },
  );
  expect(refused).toBeGreaterThan(500);
});

test('any JSON object at all is refused as such', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), fc.jsonValue() as fc.Arbitrary<Json>),
      (body) => {
        expect(() => {
          validator.assertValid(body);
        }).toThrow(FhirError);
      },
    ),
    { numRuns: 500 },
  );
});

const deep = (levels: number): JsonObject => {
  let item: JsonObject = { linkId: '0', type: 'group' };
  for (let level = 1; level < levels; level++) item = { linkId: String(level), type: 'group', item: [item] };
  return { resourceType: 'Questionnaire', status: 'draft', item: [item] };
};

test.each<[string, JsonObject]>([
  ['100,000 levels', deep(100_000)],
  ['a code of 5 MB', { resourceType: 'Patient', language: 'a '.repeat(2_500_000) }],
  [
    'a narrative of 5 MB',
    { resourceType: 'Patient', text: { status: 'generated', div: '<div xmlns="'.repeat(400_000) } },
  ],
  [
    'Base64 of 5 MB with blanks',
    { resourceType: 'Binary', contentType: 'a/b', data: 'A \n'.repeat(1_700_001) },
  ],
  [
    '20,000 wrong components',
    { resourceType: 'Observation', component: Array.from({ length: 20_000 }, () => ({ valueString: 'a' })) },
  ],
  [
    '100,000 unknown elements',
    {
      resourceType: 'Patient',
      ...Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`a${String(index)}`, 1])),
    },
  ],
  [
    '100,000 codings of component and code',
    {
      resourceType: 'Observation',
      valueString: 'a',
      code: { coding: Array.from({ length: 20_000 }, (_, index) => ({ code: `a${String(index)}` })) },
      component: [
        { code: { coding: Array.from({ length: 20_000 }, (_, index) => ({ code: `b${String(index)}` })) } },
      ],
    },
  ],
])('%s are refused', (_, resource) => {
  expect(() => {
    validator.assertValid(resource);
  }).toThrow(FhirError);
});
