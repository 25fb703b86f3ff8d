import fc from 'fast-check';
import type { Resource } from '../../fhir/resource.ts';
import type { SearchRequest } from '../port.ts';
import { visibilityOf } from './store.ts';

/** Texts that engines might sort, fold or escape each in its own way. */
const text = fc.oneof(
  fc.constantFrom(
    'a',
    'A',
    'ä',
    'Ä',
    'b',
    'B',
    'ab',
    'a b',
    'a-b',
    'a_b',
    'a%',
    'Z',
    'z',
    'ß',
    'ﬁ',
    '￿',
    '😀',
    '\0',
    "'",
  ),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }),
);
const code = fc.constantFrom('c1', 'C1', 'c2', 'c-3', 'ç', 'c😀');
const system = fc.constantFrom('urn:a', 'urn:b', 'http://x.example/y/z');
const patient = fc.constantFrom('p1', 'p2', 'p3');
const day = fc.integer({ min: 0, max: 800 }).map((at) => new Date(Date.UTC(2019, 0, 1 + at)).toISOString());
const date = fc.oneof(
  day,
  day.map((at) => at.slice(0, 10)),
  day.map((at) => at.slice(0, 7)),
  day.map((at) => at.slice(0, 4)),
);
const number = fc.oneof(fc.integer({ min: -5, max: 5 }), fc.double({ noNaN: true, min: -1e9, max: 1e9 }));
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined, freq: 2 });

const observation = fc
  .record({
    at: fc.integer({ min: 0, max: 15 }),
    patient,
    code,
    system,
    display: text,
    date: maybe(date),
    number: maybe(number),
    unit: fc.constantFrom('mg', 'g'),
    said: maybe(text),
    member: maybe(fc.integer({ min: 0, max: 15 })),
    secret: fc.boolean(),
  })
  .map((of): Resource => {
    const value = of.number !== undefined && {
      value: of.number,
      unit: of.unit,
      system: 'urn:units',
      code: of.unit,
    };
    return {
      resourceType: 'Observation',
      id: `o${of.at}`,
      status: of.at % 2 === 0 ? 'final' : 'amended',
      subject: { reference: `Patient/${of.patient}` },
      code: { coding: [{ system: of.system, code: of.code }], text: of.display },
      ...(of.date !== undefined && { effectiveDateTime: of.date }),
      ...(value && { valueQuantity: value }),
      ...(of.number === undefined && of.said !== undefined && { valueString: of.said }),
      ...(of.member !== undefined && { hasMember: [{ reference: `Observation/o${of.member}` }] }),
      ...(of.secret && { meta: { security: [{ system: 'urn:s', code: 'R' }] } }),
    };
  });
const person = fc
  .record({ patient, names: fc.array(text, { minLength: 1, maxLength: 3 }), code })
  .map((of): Resource => ({
    resourceType: 'Patient',
    id: of.patient,
    name: [{ family: of.names[0] ?? '', given: of.names.slice(1) }],
    identifier: [{ system: 'urn:mrn', value: of.code }],
  }));

/** What one block does to an index. */
export type Change =
  | { kind: 'put'; resources: readonly Resource[] }
  | { kind: 'delete' | 'purge'; type: string; id: string }
  | { kind: 'grant'; patient: string; grantee: string; deny: boolean }
  | { kind: 'open'; patient: string };

export const change: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .array(fc.oneof(observation, observation, person), { minLength: 1, maxLength: 10 })
      .map((resources): Change => ({ kind: 'put', resources })),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom('delete' as const, 'purge' as const),
      type: fc.constant('Observation'),
      id: fc.integer({ min: 0, max: 15 }).map((at) => `o${at}`),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('grant' as const),
      patient,
      grantee: fc.constantFrom('Organization/hospital', 'Practitioner/doctor', '*'),
      deny: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('open' as const), patient }) },
);

const escaped = (value: string): string => value.replace(/[\\$,|]/g, '\\$&');
const prefix = fc.constantFrom('', 'eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap');
const named = (name: string, value: fc.Arbitrary<string>) =>
  value.map((one): readonly [string, string] => [name, one]);
const searched = fc.oneof(
  named(
    'code',
    fc.tuple(system, code).map(([of, one]) => `${of}|${one}`),
  ),
  named(
    'code',
    fc.array(code, { minLength: 1, maxLength: 3 }).map((codes) => codes.join(',')),
  ),
  named('code:not', code),
  named('code:text', text.map(escaped)),
  named(
    'code',
    system.map((of) => `${of}|`),
  ),
  named(
    'date',
    fc.tuple(prefix, date).map(([how, of]) => how + of),
  ),
  named(
    'value-quantity',
    fc.tuple(prefix, number).map(([how, of]) => how + String(of)),
  ),
  named(
    'value-quantity',
    number.map((of) => `${of}||mg`),
  ),
  named('value-string', text.map(escaped)),
  named('value-string:exact', text.map(escaped)),
  named('value-string:contains', text.map(escaped)),
  named(
    'code-value-string',
    fc.tuple(code, text).map(([of, said]) => `${of}$${escaped(said)}`),
  ),
  named(
    'code-value-quantity',
    fc.tuple(code, prefix, number).map(([of, how, one]) => `${of}$${how}${String(one)}`),
  ),
  named('patient', patient),
  named(
    'subject',
    fc.tuple(patient, patient).map(([a, b]) => `Patient/${a},Patient/${b}`),
  ),
  named('patient.name', text.map(escaped)),
  named(
    'patient.identifier',
    code.map((of) => `urn:mrn|${of}`),
  ),
  named('has-member.code', code),
  named('_has:Observation:has-member:code', code),
  named('has-member:missing', fc.constantFrom('true', 'false')),
  named('_id', fc.constantFrom('o1', 'o2,o3', 'o4')),
  named('_security', fc.constant('urn:s|R')),
  named('_lastUpdated', fc.constantFrom('gt2020', 'lt2020')),
);
const sort = fc.array(
  fc.record({
    code: fc.constantFrom('date', '_id', 'code', 'value-quantity', 'value-string', '_lastUpdated', 'status'),
    descending: fc.boolean(),
  }),
  { maxLength: 2 },
);

/** A search of Observations, by anybody. */
export const request: fc.Arbitrary<SearchRequest> = fc.record({
  types: fc.constant(['Observation']),
  parameters: fc.array(searched, { maxLength: 2 }),
  visibility: fc.constantFrom(
    visibilityOf('system'),
    visibilityOf('doctor'),
    visibilityOf('lab'),
    visibilityOf('patient', { patient: 'p1' }),
  ),
  lenient: fc.constant(false),
  sort,
  count: fc.constantFrom(2, 5, 100),
  total: fc.constant('accurate' as const),
  include: fc.subarray(['Observation:subject', 'Observation:has-member']),
  includeIterate: fc.subarray(['Observation:has-member']),
  revinclude: fc.subarray(['Observation:has-member']),
  revincludeIterate: fc.constant([]),
});
