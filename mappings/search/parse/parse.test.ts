import fc from 'fast-check';
import { dateSpan } from '../date-span.ts';
import { jsonNumberSpan } from '../precision.ts';
import {
  escapeValue,
  parseDate,
  parseNumber,
  parseOfType,
  parseQuantity,
  parseReference,
  parseToken,
  SearchValueError,
  splitValue,
  unescapeValue,
} from './index.ts';

const day = (text: string): number => Date.parse(text);

test.each([
  ['100', { prefix: 'eq', value: 100, low: 99.5, high: 100.5 }],
  ['100.00', { prefix: 'eq', value: 100, low: 99.995, high: 100.005 }],
  ['1e2', { prefix: 'eq', value: 100, low: 95, high: 105 }],
  ['-1.5', { prefix: 'eq', value: -1.5, low: -1.55, high: -1.45 }],
  ['lt5.40', { prefix: 'lt', value: 5.4, low: 5.395, high: 5.405 }],
  ['ap1e-3', { prefix: 'ap', value: 0.001, low: 0.00095, high: 0.00105 }],
])('number %s is searched with the span of its precision', (text, expected) => {
  expect(parseNumber(text)).toEqual(expected);
});

test.each([
  ['5.4|http://unitsofmeasure.org|mg', { system: 'http://unitsofmeasure.org', code: 'mg' }],
  ['5.4||mg', { code: 'mg' }],
  ['5.4', {}],
  ['5.4|http://unitsofmeasure.org|', { system: 'http://unitsofmeasure.org' }],
  [String.raw`5.4|a\|b|m\,g`, { system: 'a|b', code: 'm,g' }],
])('quantity %s', (text, unit) => {
  expect(parseQuantity(text)).toEqual({ prefix: 'eq', value: 5.4, low: 5.35, high: 5.45, ...unit });
});

test.each([
  ['2013', 'eq', '2013-01-01T00:00:00.000Z', '2013-12-31T23:59:59.999Z'],
  ['ge2013-02', 'ge', '2013-02-01T00:00:00.000Z', '2013-02-28T23:59:59.999Z'],
  ['sa2012-02-29', 'sa', '2012-02-29T00:00:00.000Z', '2012-02-29T23:59:59.999Z'],
  ['eb2013-01-14T10:00', 'eb', '2013-01-14T10:00:00.000Z', '2013-01-14T10:00:59.999Z'],
  ['ne2013-01-14T10:00:00+01:00', 'ne', '2013-01-14T09:00:00.000Z', '2013-01-14T09:00:00.999Z'],
  ['0050', 'eq', '0050-01-01T00:00:00.000Z', '0050-12-31T23:59:59.999Z'],
])('date %s is searched as the span that it covers', (text, prefix, from, to) => {
  expect(parseDate(text)).toEqual({ prefix, from: day(from), to: day(to) });
});

test.each([
  ['a', { code: 'a' }],
  ['s|a', { system: 's', code: 'a' }],
  ['|a', { system: null, code: 'a' }],
  ['s|', { system: 's' }],
  [String.raw`s\|t|a\,b\\`, { system: 's|t', code: String.raw`a,b\ `.trim() }],
])('token %s', (text, expected) => {
  expect(parseToken(text)).toEqual(expected);
});

test('an identifier is searched by its type with of-type', () => {
  expect(parseOfType('http://t|MR|446053')).toEqual({ ofType: 'http://t|MR', code: '446053' });
});

test.each([
  ['23', { id: '23' }],
  ['Patient/23', { type: 'Patient', id: '23' }],
  ['https://a.example/fhir/Patient/23', { type: 'Patient', id: '23' }],
  ['https://b.example/fhir/Patient/23', { url: 'https://b.example/fhir/Patient/23' }],
  ['http://x.org/p|1.0', { url: 'http://x.org/p', version: '1.0' }],
  [String.raw`http://x.org/p\|1.0`, { url: 'http://x.org/p', version: '1.0' }],
])('reference %s', (text, expected) => {
  expect(parseReference(text, 'https://a.example/fhir')).toEqual(expected);
});

test.each<[string, (value: string) => unknown, string[]]>([
  [
    'date',
    parseDate,
    ['', 'ge', '2013-13', '2013-02-30', '13-01-01', '2013-01-01T25:00:00Z', 'xx2013', '2013Z', '2013-1'],
  ],
  ['date', parseDate, ['2013-01-01T10:00:00 01:00', '2013-01-01T10:00:00+99:00', '2013-01-01T10', '-2013']],
  ['number', parseNumber, ['', 'lt', 'five', '1e', '0x10', '1e999', 'NaN', 'Infinity', '1,5', ' 1']],
  ['quantity', parseQuantity, ['', '|s|c', '5.4|mg', '5|s|c|d', 'x||mg']],
  ['token', parseToken, ['', '|', 'a|b|c', String.raw`a\b`, 'a\\']],
  ['of-type', parseOfType, ['', 's|c', 's|c|', '|c|v', 's|c|v|w']],
  ['reference', parseReference, ['', '#a', 'Patient/', 'a b', 'Patient/1/2', '../x', 'Patient/a_b', 'http:']],
])('a malformed %s is refused with a message, whatever is wrong with it', (_, parse, malformed) => {
  for (const value of malformed) expect(() => parse(value)).toThrow(SearchValueError);
});

test('a time zone that lost its + on the way is explained', () => {
  expect(() => parseDate('2013-01-01T10:00:00 01:00')).toThrow('%2B');
});

test('separators that are escaped do not separate', () => {
  expect(splitValue(String.raw`a\,b,c`, ',').map(unescapeValue)).toEqual(['a,b', 'c']);
  expect(splitValue(String.raw`a\$b$c`, '$').map(unescapeValue)).toEqual(['a$b', 'c']);
  expect(splitValue(String.raw`a\\,b`, ',').map(unescapeValue)).toEqual(['a\\', 'b']);
  expect(splitValue('', ',')).toEqual(['']);
});

test('whatever texts are escaped and joined come apart again as they were', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string(), { minLength: 1 }),
      fc.constantFrom(',', '$', '|'),
      (texts, separator) => {
        const joined = texts.map(escapeValue).join(separator);
        expect(splitValue(joined, separator).map(unescapeValue)).toEqual(texts);
      },
    ),
  );
});

test('any system and code is found by the token that names it', () => {
  const text = fc.string({ minLength: 1 });
  fc.assert(
    fc.property(text, text, (system, code) => {
      expect(parseToken(`${escapeValue(system)}|${escapeValue(code)}`)).toEqual({ system, code });
    }),
  );
});

test('any text is parsed or refused, never anything else', () => {
  const parsers: ((value: string) => unknown)[] = [
    parseDate,
    parseNumber,
    parseQuantity,
    parseToken,
    parseOfType,
    parseReference,
  ];
  const like = fc.stringMatching(/^(eq|ge|ap)?[0-9:TZ.|\\$,e+-]{0,20}$/);
  fc.assert(
    fc.property(
      fc.constantFrom(...parsers),
      fc.oneof(fc.string({ unit: 'binary' }), like),
      (parse, value) => {
        try {
          parse(value);
        } catch (error) {
          expect(error).toBeInstanceOf(SearchValueError);
        }
      },
    ),
    { numRuns: 2000 },
  );
});

test('a number lies in its own span, and is found by what a client writes for it', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
      const stored = jsonNumberSpan(number);
      const asked = parseNumber(String(number));
      expect(asked).toEqual({ prefix: 'eq', ...stored });
      expect(asked.low <= number && number <= asked.high).toBe(true);
    }),
  );
});

test('an instant lies in the span of each of its shorter forms', () => {
  const dates = fc.date({
    min: new Date('0001-01-01T00:00:00Z'),
    max: new Date('9998-12-31T00:00:00Z'),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(dates, (date) => {
      const text = date.toISOString();
      for (const form of [
        text,
        `${text.slice(0, 19)}Z`,
        text.slice(0, 10),
        text.slice(0, 7),
        text.slice(0, 4),
      ]) {
        const span = dateSpan(form);
        expect(span !== undefined && span.from <= date.getTime() && date.getTime() <= span.to).toBe(true);
      }
    }),
  );
});
