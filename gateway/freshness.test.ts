import { Freshness, type Standing } from './freshness.ts';

const SECOND = 1000;

function watched() {
  let now = 0;
  const freshness = new Freshness({ maxStale: 30 * SECOND, clock: () => now });
  return {
    freshness,
    /** Time goes on, and the storage thread is asked. */
    look(seconds: number, standing: Partial<Standing> = {}) {
      now += seconds * SECOND;
      freshness.note({ applied: -1, patients: [], ...standing }, now);
    },
    wait: (seconds: number) => (now += seconds * SECOND),
  };
}

test('before the first look nobody’s record is answered', () => {
  expect(watched().freshness.stale).toBe(true);
});

test('an index that keeps up is as old as the last look', () => {
  const { freshness, look, wait } = watched();
  look(1, { height: 5, applied: 4 });
  expect([freshness.lag(), freshness.stale]).toEqual([0, false]);
  wait(10);
  expect([freshness.lag(), freshness.stale]).toEqual([10 * SECOND, false]);
});

test('an index that lags for longer than allowed is stale, and fresh again once it has caught up', () => {
  const { freshness, look } = watched();
  look(0, { height: 5, applied: 4 });
  for (let height = 6; height <= 36; height += 1) look(1, { height, applied: 4 });
  expect([freshness.lag(), freshness.stale]).toEqual([31 * SECOND, true]);
  look(1, { height: 37, applied: 36 });
  expect([freshness.lag(), freshness.stale]).toEqual([0, false]);
});

test('an index that is always some seconds behind is as old as that, and not stale', () => {
  const { freshness, look } = watched();
  for (let second = 0; second < 100; second += 1) look(1, { height: second + 1, applied: second - 5 });
  expect([freshness.lag(), freshness.stale]).toEqual([5 * SECOND, false]);
});

test('a peer that can’t be asked lets reads go on for as long as allowed, and no longer', () => {
  const { freshness, look } = watched();
  look(0, { height: 5, applied: 4 });
  for (let second = 1; second <= 30; second += 1) look(1, { applied: 4 });
  expect(freshness.stale).toBe(false);
  look(1, { applied: 4 });
  expect(freshness.stale).toBe(true);
  look(1, { height: 5, applied: 4 });
  expect(freshness.stale).toBe(false);
});

test('nobody looking is no better than a peer that is away', () => {
  const { freshness, look, wait } = watched();
  look(0, { height: 5, applied: 4 });
  wait(31);
  expect(freshness.stale).toBe(true);
});

test('what is missing of a block and may be about anyone counts as the block not applied', () => {
  const { freshness, look } = watched();
  look(0, { height: 5, applied: 4 });
  for (let second = 1; second <= 31; second += 1) look(1, { height: 7, applied: 6, anyone: 5 });
  expect(freshness.stale).toBe(true);
  look(1, { height: 7, applied: 6 });
  expect(freshness.stale).toBe(false);
});

test('a record of which something is missing is held, the others are not', () => {
  const { freshness, look } = watched();
  look(0, { height: 5, applied: 4, patients: ['1'] });
  expect([freshness.isHeld('1'), freshness.isHeld('2'), freshness.stale]).toEqual([true, false, false]);
  look(1, { height: 5, applied: 4 });
  expect(freshness.isHeld('1')).toBe(false);
});
