import { percentile, spreadOf } from './spread.ts';

test.each([
  [[3], { median: 3, min: 3, max: 3 }],
  [[30, 1, 2], { median: 2, min: 1, max: 30 }],
  [[4, 1, 2, 100], { median: 3, min: 1, max: 100 }],
])('runs of %j have the spread %j', (values, spread) => {
  expect(spreadOf(values)).toEqual(spread);
});

test('no runs have no spread', () => {
  expect(() => spreadOf([])).toThrow(RangeError);
});

test.each([
  [0.5, 50],
  [0.99, 99],
  [0.991, 100],
  [1, 100],
  [0, 1],
])('of 1 to 100, %d of the values are at most %i', (share, value) => {
  const sorted = Array.from({ length: 100 }, (_, index) => index + 1);
  expect(percentile(sorted, share)).toBe(value);
});
