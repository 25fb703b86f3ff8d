import fc from 'fast-check';
import type { Resource } from '../resource.ts';
import { extractIndexed } from './extract.ts';
import { searchableTypes } from './table.ts';
import type { ExtractOptions } from './value-of/index.ts';

/** A resource as it comes in: parsed from text. */
const parsed = (resource: object): Resource => JSON.parse(JSON.stringify(resource)) as Resource;

/** The values by which a parameter finds a resource. */
const values = (resource: object, code: string, options?: ExtractOptions) =>
  extractIndexed(parsed(resource), options)
    .filter(({ parameter }) => parameter.code === code)
    .map(({ value }) => value);

const observation = (more: object): Resource => parsed({ resourceType: 'Observation', ...more });
const day = (text: string): number => Date.parse(text);

describe('a token parameter finds', () => {
  test('a concept by each coding and by its text', () => {
    const code = { coding: [{ system: 's', code: 'a', display: 'A' }, { code: 'b' }], text: 'Alpha' };
    expect(values(observation({ code }), 'code')).toEqual([
      { kind: 'token', system: 's', code: 'a', text: 'A' },
      { kind: 'token', code: 'b' },
      { kind: 'token', text: 'Alpha' },
    ]);
  });

  test('a code under the system of its value set', () => {
    const system = 'http://hl7.org/fhir/observation-status';
    expect(values(observation({ status: 'final' }), 'status')).toEqual([
      { kind: 'token', system, code: 'final' },
    ]);
  });

  test('a code under the right one of several systems', () => {
    const task = (intent: string) => values({ resourceType: 'Task', intent }, 'intent');
    expect(task('order')).toMatchObject([{ system: 'http://hl7.org/fhir/request-intent' }]);
    expect(task('unknown')).toMatchObject([{ system: 'http://hl7.org/fhir/task-intent' }]);
  });

  test('an identifier by system and value, and by each of its types', () => {
    const type = {
      coding: [
        { system: 't', code: 'MR' },
        { system: 't', code: 'PI' },
      ],
      text: 'Record',
    };
    const patient = {
      resourceType: 'Patient',
      identifier: [{ system: 's', value: '1', type }, { value: '2' }],
    };
    expect(values(patient, 'identifier')).toEqual([
      { kind: 'token', system: 's', code: '1', text: 'Record', ofType: 't|MR' },
      { kind: 'token', system: 's', code: '1', text: 'Record', ofType: 't|PI' },
      { kind: 'token', code: '2' },
    ]);
  });

  test('a contact by its value, the use in place of a system, and only of the kind it asks for', () => {
    const telecom = [
      { system: 'phone', use: 'home', value: '555' },
      { system: 'email', value: 'a@b.example' },
    ];
    expect(values({ resourceType: 'Patient', telecom }, 'phone')).toEqual([
      { kind: 'token', system: 'home', code: '555' },
    ]);
    expect(values({ resourceType: 'Patient', telecom }, 'telecom')).toHaveLength(2);
  });

  test.each([
    [{ deceasedDateTime: '2020' }, 'true'],
    [{ deceasedBoolean: true }, 'true'],
    [{ deceasedBoolean: false }, 'false'],
    [{}, 'false'],
  ])('whether a patient %j is dead', (more, code) => {
    expect(values({ resourceType: 'Patient', ...more }, 'deceased')).toEqual([{ kind: 'token', code }]);
  });

  test('a boolean by its word', () => {
    expect(values({ resourceType: 'Patient', active: false }, 'active')).toEqual([
      { kind: 'token', code: 'false' },
    ]);
  });
});

describe('a string parameter finds', () => {
  test('a name by any of its parts', () => {
    const name = [{ family: 'Müller', given: ['Ann', 'Bea'], prefix: ['Dr.'], text: 'Dr. Ann Müller' }];
    const patient = { resourceType: 'Patient', name };
    const parts = ['Müller', 'Ann', 'Bea', 'Dr.', 'Dr. Ann Müller'].map((value) => ({
      kind: 'string',
      value,
    }));
    expect(values(patient, 'name')).toEqual(parts);
    expect(values(patient, 'phonetic')).toEqual(parts);
    expect(values(patient, 'given')).toEqual(parts.slice(1, 3));
  });

  test('an address by any of its parts', () => {
    const address = [{ line: ['Road 1'], city: 'Oran', postalCode: '31000', country: 'DZ' }];
    expect(values({ resourceType: 'Patient', address }, 'address')).toEqual(
      ['Road 1', 'Oran', '31000', 'DZ'].map((value) => ({ kind: 'string', value })),
    );
  });
});

describe('a date parameter finds', () => {
  const date = (more: object) => values(observation(more), 'date');
  test.each([
    ['2013', '2013-01-01T00:00:00.000Z', '2013-12-31T23:59:59.999Z'],
    ['2013-02', '2013-02-01T00:00:00.000Z', '2013-02-28T23:59:59.999Z'],
    ['2013-02-03', '2013-02-03T00:00:00.000Z', '2013-02-03T23:59:59.999Z'],
    ['2013-02-03T10:00:00+02:00', '2013-02-03T08:00:00.000Z', '2013-02-03T08:00:00.999Z'],
    ['2013-02-03T23:59:59.5-05:30', '2013-02-04T05:29:59.500Z', '2013-02-04T05:29:59.599Z'],
    ['2013-02-03T10:00:00.1239Z', '2013-02-03T10:00:00.123Z', '2013-02-03T10:00:00.123Z'],
  ])('%s as the span that it covers', (effectiveDateTime, from, to) => {
    expect(date({ effectiveDateTime })).toEqual([{ kind: 'date', from: day(from), to: day(to) }]);
  });

  test('a period from its start to its end, open where one is missing', () => {
    const [from, to] = [day('2013-01-01T00:00:00Z'), day('2013-12-31T23:59:59.999Z')];
    expect(date({ effectivePeriod: { start: '2013', end: '2013-12' } })).toEqual([
      { kind: 'date', from, to },
    ]);
    expect(date({ effectivePeriod: { start: '2013' } })).toEqual([{ kind: 'date', from, to: Infinity }]);
    expect(date({ effectivePeriod: { end: '2013' } })).toEqual([{ kind: 'date', from: -Infinity, to }]);
    expect(date({ effectivePeriod: {} })).toEqual([]);
  });

  test('a schedule by its outer limits', () => {
    const event = ['2013-03-01', '2013-01-01'];
    const [from, to] = [day('2013-01-01T00:00:00Z'), day('2013-03-01T23:59:59.999Z')];
    expect(date({ effectiveTiming: { event } })).toEqual([{ kind: 'date', from, to }]);
    const repeat = { boundsPeriod: { start: '2012', end: '2013-02' } };
    expect(date({ effectiveTiming: { event, repeat } })).toEqual([
      { kind: 'date', from: day('2012-01-01T00:00:00Z'), to },
    ]);
    expect(date({ effectiveTiming: { repeat: { frequency: 1 } } })).toEqual([]);
  });
});

describe('a quantity parameter finds', () => {
  const quantity = (more: object) => values(observation(more), 'value-quantity');
  const unit = { system: 'http://unitsofmeasure.org', code: 'mg', unit: 'mg' };
  test('a value with the span of its precision', () => {
    expect(quantity({ valueQuantity: { value: 5.4, ...unit } })).toEqual([
      { kind: 'quantity', value: 5.4, low: 5.35, high: 5.45, ...unit },
    ]);
  });

  test('a value whose literal was kept with all its zeros', () => {
    expect(quantity({ valueQuantity: { value: { rawJSON: '2.0' } } })).toEqual([
      { kind: 'quantity', value: 2, low: 1.95, high: 2.05 },
    ]);
  });

  test('a value that is only known to be below or above', () => {
    expect(quantity({ valueQuantity: { value: 5, comparator: '<' } })).toMatchObject([
      { low: -Infinity, high: 5 },
    ]);
    expect(quantity({ valueQuantity: { value: 5, comparator: '>=' } })).toMatchObject([
      { low: 5, high: Infinity },
    ]);
  });

  test('samples from the least to the greatest', () => {
    const valueSampledData = { origin: { value: 10, ...unit }, factor: 0.5, data: '2 E -4 U 8' };
    expect(quantity({ valueSampledData })).toEqual([
      { kind: 'quantity', value: 8, low: 7.5, high: 14.5, ...unit },
    ]);
  });

  test('money by its currency', () => {
    expect(
      values({ resourceType: 'Invoice', totalNet: { value: 12.5, currency: 'EUR' } }, 'totalnet'),
    ).toEqual([
      { kind: 'quantity', value: 12.5, low: 12.45, high: 12.55, system: 'urn:iso:std:iso:4217', code: 'EUR' },
    ]);
  });

  test('a range from its low to its high', () => {
    const onset = (onsetRange: object) => values({ resourceType: 'Condition', onsetRange }, 'onset-age');
    expect(onset({ low: { value: 30, ...unit }, high: { value: 40, ...unit } })).toEqual([
      { kind: 'quantity', value: 30, low: 29.5, high: 40.5, ...unit },
    ]);
    expect(onset({ high: { value: 40 } })).toMatchObject([{ low: -Infinity, high: 40.5 }]);
  });
});

test('a number parameter finds integers and decimals', () => {
  const prediction = [
    { probabilityDecimal: 0.25 },
    { probabilityRange: { low: { value: 1 }, high: { value: 2 } } },
  ];
  expect(values({ resourceType: 'RiskAssessment', prediction }, 'probability')).toEqual([
    { kind: 'number', value: 0.25, low: 0.245, high: 0.255 },
    { kind: 'number', value: 1, low: 0.5, high: 2.5 },
  ]);
});

describe('a reference parameter finds', () => {
  const subject = (reference: object, code = 'subject') =>
    values(observation({ subject: reference }), code, { baseUrl: 'https://a.example/fhir/R4' });
  test.each([
    ['Patient/1', { type: 'Patient', id: '1' }],
    ['Patient/1/_history/2', { type: 'Patient', id: '1', version: '2' }],
    ['https://a.example/fhir/R4/Patient/1', { type: 'Patient', id: '1' }],
    ['https://b.example/Patient/1', { url: 'https://b.example/Patient/1' }],
    ['https://b.example/Patient/1/_history/2', { url: 'https://b.example/Patient/1', version: '2' }],
    ['https://a.example/fhir/R4xPatient/1', { url: 'https://a.example/fhir/R4xPatient/1' }],
    [
      'urn:uuid:c757873d-ec9a-4326-a141-556f43239520',
      { url: 'urn:uuid:c757873d-ec9a-4326-a141-556f43239520' },
    ],
  ])('%s', (reference, target) => {
    expect(subject({ reference })).toEqual([{ kind: 'reference', ...target }]);
  });

  test('a logical reference by its identifier', () => {
    expect(subject({ type: 'Patient', identifier: { system: 's', value: 'v' } })).toEqual([
      { kind: 'reference', type: 'Patient', identifier: { system: 's', value: 'v' } },
    ]);
  });

  test('nothing in a reference to a contained resource', () => {
    expect(subject({ reference: '#p' })).toEqual([]);
  });

  test('only what is of its type, if it is about one type', () => {
    expect(subject({ reference: 'Patient/1' }, 'patient')).toHaveLength(1);
    expect(subject({ reference: 'https://b.example/Patient/1' }, 'patient')).toHaveLength(1);
    expect(subject({ reference: 'urn:uuid:1', type: 'Patient' }, 'patient')).toHaveLength(1);
    expect(subject({ reference: 'Group/1' }, 'patient')).toEqual([]);
    expect(subject({ reference: 'urn:uuid:1' }, 'patient')).toEqual([]);
  });

  test('a canonical, its version apart', () => {
    const plan = { resourceType: 'CarePlan', instantiatesCanonical: ['http://x.org/p|1.0'] };
    expect(values(plan, 'instantiates-canonical')).toEqual([
      { kind: 'reference', url: 'http://x.org/p', version: '1.0' },
    ]);
  });
});

test('a uri parameter finds a canonical with its version and without', () => {
  const meta = { profile: ['http://x.org/p|1.0', 'http://x.org/q'] };
  expect(values({ resourceType: 'Patient', meta }, '_profile')).toEqual(
    ['http://x.org/p|1.0', 'http://x.org/p', 'http://x.org/q'].map((value) => ({ kind: 'uri', value })),
  );
});

describe('a composite parameter finds', () => {
  const [systolic, diastolic] = [{ coding: [{ code: 's' }] }, { coding: [{ code: 'd' }] }];
  const component = [
    { code: systolic, valueQuantity: { value: 120 } },
    { code: diastolic, valueQuantity: { value: 80 } },
    { code: diastolic, valueString: 'low' },
  ];
  const pair = (code: string, value: number) => ({
    kind: 'composite',
    parts: [[{ kind: 'token', code }], [{ kind: 'quantity', value, low: value - 0.5, high: value + 0.5 }]],
  });

  test('code and value of one repetition, never of two', () => {
    expect(values(observation({ component }), 'component-code-value-quantity')).toEqual([
      pair('s', 120),
      pair('d', 80),
    ]);
  });

  test('the resource itself as well, where it says so', () => {
    const resource = observation({
      code: { coding: [{ code: 'o' }] },
      valueQuantity: { value: 1 },
      component,
    });
    expect(values(resource, 'combo-code-value-quantity')).toEqual([
      pair('o', 1),
      pair('s', 120),
      pair('d', 80),
    ]);
    expect(values(resource, 'code-value-quantity')).toEqual([pair('o', 1)]);
  });

  test('a date under a code, though R4 misspells its type', () => {
    const resource = observation({ code: systolic, valueDateTime: '2013' });
    expect(values(resource, 'code-value-date')).toMatchObject([
      { parts: [[{ code: 's' }], [{ kind: 'date' }]] },
    ]);
  });

  test('a part that stands outside the repetition', () => {
    const resource = {
      resourceType: 'MolecularSequence',
      referenceSeq: { chromosome: { coding: [{ code: '7' }] } },
      variant: [{ start: 1, end: 2 }],
    };
    expect(values(resource, 'chromosome-variant-coordinate')).toMatchObject([
      { parts: [[{ code: '7' }], [{ value: 1 }], [{ value: 2 }]] },
    ]);
  });

  test('documents by relation and target, though R4 mixes their definitions up', () => {
    const resource = {
      resourceType: 'DocumentReference',
      relatesTo: [{ code: 'replaces', target: { reference: 'DocumentReference/2' } }],
    };
    expect(values(resource, 'relationship')).toMatchObject([
      { parts: [[{ kind: 'token', code: 'replaces' }], [{ kind: 'reference', id: '2' }]] },
    ]);
  });
});

test('id and time of the last update are not among the values, tags and labels are', () => {
  const meta = {
    lastUpdated: '2020-01-01T00:00:00Z',
    tag: [{ code: 't' }],
    security: [{ code: 'R' }],
    source: 'urn:x',
  };
  const codes = extractIndexed({ resourceType: 'Basic', id: '1', meta }).map(
    ({ parameter }) => parameter.code,
  );
  expect(codes.sort()).toEqual(['_security', '_source', '_tag']);
});

test('content that is not FHIR is left out', () => {
  const broken = {
    subject: 'x',
    code: [null, 5],
    status: {},
    effectiveDateTime: '2013-13-45',
    component: [[{}]],
  };
  expect(extractIndexed(observation(broken))).toEqual([]);
  expect(extractIndexed({ resourceType: 'constructor' })).toEqual([]);
});

test('nothing that is JSON makes it throw', () => {
  const names = [
    'code',
    'subject',
    'name',
    'identifier',
    'period',
    'value',
    'meta',
    'tag',
    'component',
    'entry',
    'text',
  ];
  const json = fc.letrec((tie) => ({
    leaf: fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constant(null), fc.constant('2013-01')),
    object: fc.dictionary(fc.constantFrom(...names, 'valueQuantity', 'coding', 'reference'), tie('node')),
    node: fc.oneof(
      { depthSize: 'small' },
      tie('leaf'),
      fc.array(tie('node'), { maxLength: 3 }),
      tie('object'),
    ),
  }));
  fc.assert(
    fc.property(fc.constantFrom(...searchableTypes()), json.object, (resourceType, content) => {
      expect(Array.isArray(extractIndexed({ ...(content as object), resourceType }))).toBe(true);
    }),
    { numRuns: 500 },
  );
});
