import { Throttle } from './throttle.ts';

test('a caller gets its burst, then waits, then goes on; others are not held up', () => {
  const throttle = new Throttle({ burst: 2, perMinute: 60 });
  expect([throttle.take('a', 0), throttle.take('a', 0)]).toEqual([0, 0]);
  expect(throttle.take('a', 0)).toBe(1000);
  expect(throttle.take('b', 0)).toBe(0);
  expect(throttle.take('a', 1000)).toBe(0);
  expect(throttle.take('a', 1000)).toBeGreaterThan(0);
});
