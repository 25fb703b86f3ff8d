import { endorseWithin } from './endorse-within.ts';

test.each([
  [[200], 10_001],
  [[1 << 20, 1 << 20], 15_000],
  [[8 << 20], 30_000],
  [[20 << 20], 30_000],
])('a call with parts of %j bytes has %i ms', (parts, milliseconds) => {
  const transient = new Map(parts.map((bytes, at) => [`part ${at}`, new Uint8Array(bytes)]));
  expect(endorseWithin({ transient })).toBe(milliseconds);
});
