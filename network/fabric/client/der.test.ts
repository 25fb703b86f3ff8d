import { derInteger, derNumber, derOctets, derSequence } from './der.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

test.each([
  [0, '020100'],
  [127, '02017f'],
  [128, '02020080'],
  [256, '02020100'],
  [2 ** 40, '0206010000000000'],
])('the integer %i', (number, expected) => {
  expect(hex(derNumber(number))).toBe(expected);
});

test('an integer has as few bytes as it takes, and is not negative', () => {
  expect(hex(derInteger(Buffer.from('0000ff', 'hex')))).toBe('020200ff');
  expect(hex(derInteger(Buffer.from('0000', 'hex')))).toBe('020100');
});

test('what is longer than 127 bytes says so in more than one', () => {
  expect(hex(derOctets(Buffer.alloc(127)).subarray(0, 2))).toBe('047f');
  expect(hex(derOctets(Buffer.alloc(128)).subarray(0, 3))).toBe('048180');
  expect(hex(derSequence(derOctets(Buffer.alloc(300))).subarray(0, 4))).toBe('30820130');
});
