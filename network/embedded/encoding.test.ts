import fc from 'fast-check';
import { decode, encode, fromBase64url, type Encodable } from './encoding.ts';

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

test('equal values have equal bytes, whatever the order of their members', () => {
  expect(text(encode({ b: 1, a: [true, null, 'ü'], c: undefined }))).toBe('{"a":[true,null,"ü"],"b":1}');
  expect(encode({ a: 1, b: 2 })).toEqual(encode({ b: 2, a: 1 }));
});

test('byte strings come back', () => {
  const bytes = Uint8Array.from([0, 255, 62, 63]);
  expect(fromBase64url(String(decode(encode(bytes))))).toEqual(Buffer.from(bytes));
});

test('what has more than one spelling is no number here', () => {
  for (const number of [0.5, NaN, Infinity, 2 ** 60]) expect(() => encode(number)).toThrow(RangeError);
});

test('decoding and encoding again gives the same bytes', () => {
  const values = fc.letrec<{ value: null | boolean | number | string | object }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constant(null),
      fc.boolean(),
      fc.maxSafeInteger().map((n) => n + 0),
      fc.string({ unit: 'binary' }),
      fc.array(tie('value')),
      fc.dictionary(fc.string(), tie('value')),
    ),
  })).value;
  fc.assert(
    fc.property(values, (value) => {
      const bytes = encode(value as Encodable);
      expect(encode(decode(bytes) as Encodable)).toEqual(bytes);
    }),
  );
});
