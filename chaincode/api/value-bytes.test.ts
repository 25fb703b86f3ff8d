import fc from 'fast-check';
import { decodeValue, encodeValue, valueBytes } from './value-bytes.ts';
import { jsonValue } from './value-json.ts';
import type { EntryValue, LedgerValue, Rule } from './index.ts';
import { RESOURCE_TYPES, ROLES, SECTIONS } from './index.ts';

const salt = Uint8Array.from({ length: 16 }, (_, index) => index);
const encode = (value: LedgerValue) => encodeValue(value, salt);

/** A value as earlier versions wrote it. */
const inJson = (value: LedgerValue) => Uint8Array.from([1, ...salt, ...jsonValue(value)]);

const uuid = 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6';
const entry: EntryValue = {
  kind: 'entry',
  type: 'Observation',
  id: uuid,
  home: 'patient',
  patient: '65279fc3-b8cb-40a4-b87c-c8a4b609cd4f',
  organisation: 'HospitalMSP',
  version: 1,
  section: 'bloodGroup',
  author: { mspId: 'HospitalMSP', pseudonym: 'SB-mh5ErSwiq-g2I4dW8nQ' },
  time: 1795426850835,
  command: 0,
  content: { enc: 'deflate', kid: 'r4-1', data: Uint8Array.from([1, 2, 3]) },
};

const hex = fc.uint8Array({ minLength: 1, maxLength: 64 }).map((bytes) => Buffer.from(bytes).toString('hex'));
const compact = fc.oneof(
  fc.uuid(),
  hex,
  fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
  fc.constantFrom('HospitalMSP', '*', 'deflate', 'r4-1', 'Patient', 'organisation', ...RESOURCE_TYPES),
);
/** Texts that have a form of their own, and those that nearly have one. */
const text = fc.oneof(
  { weight: 3, arbitrary: compact },
  compact.map((each) => each.toUpperCase()),
  compact.map((each) => each.slice(1)),
  fc.tuple(compact, fc.nat(), fc.string({ unit: 'binary', maxLength: 2 })).map(([each, at, other]) => {
    const place = at % (each.length + 1);
    return each.slice(0, place) + other + each.slice(place + 1);
  }),
  fc
    .array(fc.oneof(compact, fc.constantFrom('/', '|', '?identifier=', '|CST', 'urn:uuid:')))
    .map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 200 }),
  // Lone surrogates, byte order marks and whatever else 16 bits can be.
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 8 })
    .map((units) => String.fromCharCode(...units)),
  fc.constantFrom('', '\ufeffa', '__proto__', 'é'.repeat(200), 'x'.repeat(5000)),
);
const texts = fc.array(text, { maxLength: 5 });
const count = fc.oneof(
  fc.nat(),
  fc.maxSafeNat(),
  fc.constantFrom(0, 127, 128, 2 ** 31, 2 ** 32, Number.MAX_SAFE_INTEGER),
);
const moment = fc.option(
  fc.oneof(
    count,
    fc.maxSafeInteger().map((value) => value || 0),
  ),
);
const span = fc.tuple(moment, moment);
const section = fc.constantFrom(...SECTIONS);
const role = fc.constantFrom(...ROLES);
const identity = fc.record({ mspId: text, pseudonym: text });
const { rule } = fc.letrec<{ rule: Rule }>((tie) => ({
  rule: fc.record(
    {
      type: fc.constantFrom('permit', 'deny'),
      actors: texts,
      actions: fc.array(fc.constantFrom('access', 'correct'), { maxLength: 2 }),
      classes: texts,
      sections: fc.array(section, { maxLength: 3 }),
      labels: texts,
      purposes: texts,
      period: span,
      dataPeriod: span,
      rules: fc.array(tie('rule'), { maxLength: 2, depthIdentifier: 'rule' }),
    },
    { requiredKeys: ['type'] },
  ),
}));
const consents = fc.dictionary(text, rule, { maxKeys: 4 });
const kind = <const K extends LedgerValue['kind']>(name: K) => fc.constant(name);

const value: fc.Arbitrary<LedgerValue> = fc.oneof(
  { depthIdentifier: 'value' },
  fc.record(
    {
      kind: kind('entry'),
      type: text,
      id: text,
      home: fc.constantFrom('patient', 'attached', 'directory', 'administrative'),
      patient: text,
      organisation: text,
      version: count,
      section,
      labels: texts,
      author: identity,
      time: count,
      command: count,
      unique: texts,
      grantees: texts,
      privacy: fc.constant(true as const),
      content: fc.record({ enc: text, kid: text, data: fc.uint8Array({ maxLength: 300 }) }),
    },
    {
      requiredKeys: ['kind', 'type', 'id', 'home', 'organisation', 'version', 'author', 'time', 'command'],
    },
  ),
  fc.record(
    {
      ...{ kind: kind('record'), patient: text, home: text, owner: text, created: count },
      status: fc.constantFrom('open', 'erasing', 'erased'),
      everyone: fc.boolean(),
    },
    { requiredKeys: ['kind', 'patient', 'home', 'status', 'created'] },
  ),
  fc.record({ kind: kind('grant'), patient: text, grantee: text, consents }),
  fc.record({ kind: kind('privacy'), patient: text, consents }),
  fc.record(
    {
      ...{ kind: kind('identity'), mspId: text, pseudonym: text, role, fhirUser: text },
      status: fc.constantFrom('active', 'disabled'),
    },
    { requiredKeys: ['kind', 'mspId', 'pseudonym', 'role', 'status'] },
  ),
  fc.record(
    {
      ...{ kind: kind('organisation'), mspId: text, organization: text, roles: fc.array(role) },
      founder: fc.constant(true as const),
    },
    { requiredKeys: ['kind', 'mspId', 'organization', 'roles'] },
  ),
  fc.record({ kind: kind('unique'), organisation: text, criteria: text, holder: text }),
);

test('every value comes back as it was, in as many bytes as were said', () => {
  fc.assert(
    fc.property(value, (each) => {
      const bytes = encode(each);
      expect(decodeValue(bytes)).toEqual(each);
      expect(bytes.length).toBe(valueBytes(each));
    }),
    { numRuns: 3000 },
  );
});

test('a value that an earlier version wrote is read', () => {
  fc.assert(
    fc.property(value, (each) => {
      expect(decodeValue(inJson(each))).toEqual(each);
    }),
    { numRuns: 500 },
  );
});

test('no part of a value is taken for a value, nor one with more behind it', () => {
  fc.assert(
    fc.property(value, fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 9 }), (each, at, more) => {
      const bytes = encode(each);
      if (bytes[0] === 1) return;
      expect(() => decodeValue(bytes.subarray(0, at % bytes.length))).toThrow(RangeError);
      expect(() => decodeValue(Buffer.concat([bytes, more]))).toThrow(RangeError);
    }),
    { numRuns: 2000 },
  );
});

test.each([1, 2])(
  'bytes of format %i that nobody wrote are a value or a RangeError, whatever they are',
  (format) => {
    const body = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc
        .tuple(fc.constantFrom(1, 2, 3, 4, 5, 6, 7), fc.array(fc.integer({ min: 0, max: 12 })))
        .map((parts) => parts.flat()),
      fc.tuple(value, fc.nat(), fc.nat(255)).map(([each, at, byte]) => {
        const written = (format === 1 ? inJson(each) : encode(each)).slice(17);
        written[at % written.length] = byte;
        return written;
      }),
    );
    fc.assert(
      fc.property(body, (bytes) => {
        try {
          decodeValue(Uint8Array.from([format, ...salt, ...bytes]));
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
      { numRuns: 5000 },
    );
  },
);

test.each<[string, number[] | string]>([
  ['a text longer than all there is', [7, 3, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f]],
  ['a list of more than there is', [1, 0x00, ...Array<number>(60).fill(0xff)]],
  ['a number without an end', [1, ...Array<number>(100_000).fill(0x80)]],
  ['texts inside one another without an end', [7, ...Array<number[]>(50_000).fill([6, 128]).flat()]],
  ['a kind that is not there', [0]],
  ['no kind at all', []],
])('a packed value that is %s is refused at once', (_, bytes) => {
  expect(() => decodeValue(Uint8Array.from([2, ...salt, ...(bytes as number[])]))).toThrow(RangeError);
});

test('bytes of another format, or none, are refused', () => {
  expect(() => decodeValue(new Uint8Array(0))).toThrow(RangeError);
  expect(() => decodeValue(Uint8Array.from([3, ...encode(entry).subarray(1)]))).toThrow(RangeError);
  expect(() => decodeValue(Uint8Array.from([1, ...encode(entry).subarray(1)]))).toThrow(RangeError);
});

test.each<[string, LedgerValue]>([
  ['lone surrogates', { ...entry, id: '\ud800' }],
  ['a time that is no whole number', { ...entry, time: 0.5 }],
])('what the packed format has no form for is kept in JSON: %s', (_, odd) => {
  const bytes = encode(odd);
  expect(bytes[0]).toBe(1);
  expect(decodeValue(bytes)).toEqual(odd);
});

test('exceptions to exceptions to any depth are kept', () => {
  let rule: Rule = { type: 'permit' };
  for (let depth = 0; depth < 1200; depth += 1) rule = { type: 'deny', rules: [rule] };
  const deep: LedgerValue = { kind: 'privacy', patient: 'p', consents: { c: rule } };
  expect(encode(decodeValue(encode(deep)))).toEqual(encode(deep));
});

test('an entry takes a hundred bytes besides its content', () => {
  expect(valueBytes(entry)).toBe(98 + 3);
});

// Ledgers hold these bytes: a change that this test sees needs a format of its own.
test.each<[string, LedgerValue, string]>([
  [
    'an entry',
    entry,
    '01438200f81d4fae7dec11d0a76500a0c91e6bf6c00065279fc3b8cb40a4b87cc8a4b609cd4f13486f73706974616c4d535001c6050201481fa687912b4b08aafa0d88e1d5bc9d93b09ebea03400e1e203010203',
  ],
  [
    'a record',
    { kind: 'record', patient: uuid, home: 'HospitalMSP', status: 'open', created: 1, everyone: false },
    '020200f81d4fae7dec11d0a76500a0c91e6bf613486f73706974616c4d5350d30100',
  ],
  [
    'a grant',
    {
      kind: 'grant',
      patient: uuid,
      grantee: 'Organization/hospital',
      consents: { c1: { type: 'permit', actors: [`Organization/${uuid}|CST`], dataPeriod: [-1, null] } },
    },
    '0300f81d4fae7dec11d0a76500a0c91e6bf606a010686f73706974616c010a63318101dd0106a00408f81d4fae7dec11d0a76500a0c91e6bf6e5020100',
  ],
  [
    'a claim',
    {
      kind: 'unique',
      organisation: 'A',
      criteria: `Patient?identifier=a|${uuid}`,
      holder: `Patient/${uuid}`,
    },
    '0709410780040a617cf81d4fae7dec11d0a76500a0c91e6bf608068000f81d4fae7dec11d0a76500a0c91e6bf6',
  ],
])('the bytes of %s stay what they are', (_, each, bytes) => {
  expect(Buffer.from(encode(each)).toString('hex').slice(34)).toBe(bytes);
});
