import { Pace } from './pace.ts';

/** A queue of which one is taken every `each` milliseconds, so many times. */
function paceOf(each: number, times: number): { pace: Pace; now: number } {
  const pace = new Pace();
  let now = 0;
  for (let time = 0; time < times; time += 1) pace.taken((now += each), true);
  return { pace, now };
}

test('as long as nobody has waited, nobody knows better than not at all', () => {
  expect(new Pace().until(100, 5)).toBe(0);
});

test.each([
  [10, 3, 30],
  [10, 500, 30],
  [0.5, 50, 1.5],
])('of a queue that moves every %d ms, three take three times as long', (each, times, expected) => {
  const { pace, now } = paceOf(each, times);
  expect(pace.until(3, now)).toBeCloseTo(expected);
});

test('the time in which nobody waited is not the queue’s', () => {
  const { pace, now } = paceOf(10, 20);
  pace.taken(now + 10, false);
  pace.taken(now + 100_000, true);
  expect(pace.until(1, now + 100_000)).toBeCloseTo(10);
});

test('a queue that stands still gets slower, until nobody waits any more', () => {
  const { pace, now } = paceOf(10, 20);
  expect(pace.until(1, now + 5000)).toBe(5000);
  pace.stopped();
  expect(pace.until(1, now + 5000)).toBeCloseTo(10);
});

test('a queue that becomes slow is known as slow after some have been taken', () => {
  const { pace, now } = paceOf(1, 1000);
  let then = now;
  for (let time = 0; time < 400; time += 1) pace.taken((then += 20), true);
  expect(pace.until(1, then)).toBeGreaterThan(15);
});
