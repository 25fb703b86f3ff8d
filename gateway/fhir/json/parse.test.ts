import { FhirError } from '../errors.ts';
import { parseDocument, parseJson } from './parse.ts';
import { stringify } from './stringify.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const refusal = (body: Uint8Array): FhirError => {
  try {
    parseJson(body);
  } catch (error) {
    if (error instanceof FhirError) return error;
    throw error;
  }
  throw new Error('accepted');
};

test('a body is read as JSON.parse reads it', () => {
  const text = ' {"resourceType":"Basic","n":[1,-2.5,true,null,{"a":{}}],"t":"\\u00e9\\"\\\\é😀{[:,1.10"} ';
  expect(parseJson(bytes(text))).toEqual({ resource: JSON.parse(text) as unknown });
});

test.each([
  '1.10',
  '1.0',
  '0.000',
  '1e-7',
  '1E3',
  '-0',
  '-0.0',
  '0.0000001',
  '9007199254740993',
  '1.7976931348623157e400',
  '3.14159265358979323846',
  '1e400',
])('the number %s is stored as it was written, while rules see its value', (number) => {
  const { resource, exact } = parseJson(bytes(`{"a":{"v":[${number},2]},"b":7}`));
  expect(resource).toEqual({ a: { v: [Number(number), 2] }, b: 7 });
  expect(stringify(exact ?? resource)).toBe(`{"a":{"v":[${number},2]},"b":7}`);
});

test.each(['0', '1', '-1', '1.5', '0.001', '72.25', '10.05', '123456789012345', '"1.10"', '"\\"1.10"'])(
  'nothing is kept twice for %s, which JavaScript writes as it was',
  (value) => expect(parseJson(bytes(`{"a":[${value}]}`)).exact).toBeUndefined(),
);

test.each([
  ['{"a":1,"a":2}', 'line 1, column 8: this name is in the object twice', ['a']],
  [
    '{"a":[{"b":1},{"c":{"d":1,\n"d":2}}]}',
    'line 2, column 1: this name is in the object twice',
    ['a[1].c.d'],
  ],
  ['{"a":1,"\\u0061":2}', 'column 8: this name is in the object twice', ['a']],
  ['{"a":', 'column 6: ends where a value should come', ['a']],
  ['{"a":1', 'column 7: ends where a comma or } should come', ['a']],
  ['{"a":[1,]}', 'column 9: a value expected', ['a[1]']],
  ['{"a":01}', 'column 7: a comma or } expected', ['a']],
  ['{a:1}', 'column 2: a name in double quotes expected', undefined],
  ['{"a" 1}', 'column 6: a colon expected', ['a']],
  ['{"a":"\t"}', 'column 7: this text does not end', ['a']],
  ['{"a":"\\x"}', 'column 7: this text does not end', ['a']],
  ['{"a":"b', 'column 8: this text does not end', ['a']],
  ['{"a":1} x', 'column 9: nothing may follow', undefined],
  ['<Patient/>', 'column 1: a value expected', undefined],
  ['{"a":NaN}', 'a value expected', ['a']],
])('%j is refused, saying where', (text, reason, expression) => {
  const { status, issues } = refusal(bytes(text));
  expect(status).toBe(400);
  expect(issues[0]?.diagnostics).toContain(reason);
  expect(issues[0]?.expression).toEqual(expression);
});

test.each(['', ' \n', '[]', '"Patient"', '1', 'null'])('%j is no resource', (text) => {
  expect(refusal(bytes(text)).status).toBe(400);
});

test('a document other than an object can be asked for', () => {
  expect(parseDocument(bytes('[{"op":"add"}]')).value).toEqual([{ op: 'add' }]);
});

test.each([
  [[0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d], 'byte 2'],
  [[0x7b, 0x22, 0xc3, 0xa9, 0xed, 0xa0, 0x80, 0x22, 0x3a, 0x31, 0x7d], 'byte 4'],
  [[0x7b, 0x22, 0xc3], 'byte 2'],
  [[0xff, 0xfe, 0x7b, 0], 'byte 0'],
])('bytes that are not UTF-8 are refused at the first wrong one: %j', (body, where) => {
  expect(refusal(Uint8Array.from(body)).issues[0]?.diagnostics).toBe(`The body is not UTF-8: ${where}`);
});

test('a byte order mark is skipped', () => {
  expect(parseJson(Uint8Array.from([0xef, 0xbb, 0xbf, 0x7b, 0x7d])).resource).toEqual({});
});

test('100 levels are read, 101 are not', () => {
  const nested = (levels: number) => bytes('{"a":'.repeat(levels - 1) + '{}' + '}'.repeat(levels - 1));
  expect(() => parseJson(nested(100))).not.toThrow();
  expect(refusal(nested(101)).issues[0]).toMatchObject({
    code: 'too-long',
    diagnostics: expect.stringContaining('byte 500') as string,
  });
});

test.each([
  ['objects', '{"a":'.repeat(1_000_000)],
  ['lists', '{"a":' + '['.repeat(5_000_000)],
  ['a text without end', '{"a":"' + '\\n'.repeat(2_500_000)],
  ['members of one name', `{${'"a":1,'.repeat(700_000)}"b":2}`],
])('5 MB of %s are refused', (_, text) => {
  const body = bytes(text);
  expect(refusal(body).status).toBe(400);
});

test('__proto__ is a name like any other and changes no prototype', () => {
  const { resource, exact } = parseJson(
    bytes('{"__proto__":{"polluted":1.0},"constructor":{"prototype":1}}'),
  );
  expect(Object.keys(resource)).toEqual(['__proto__', 'constructor']);
  expect('polluted' in resource).toBe(false);
  expect(stringify(exact ?? {})).toBe('{"__proto__":{"polluted":1.0},"constructor":{"prototype":1}}');
  expect('polluted' in {}).toBe(false);
});
