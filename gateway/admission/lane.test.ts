import { Lane, type LaneLimits, type Reason } from './lane.ts';

const LIMITS: LaneLimits = {
  running: 2,
  runningBytes: 1000,
  waiting: 12,
  waitingBytes: 10_000_000,
  patience: 1000,
  tooOld: 1500,
};

const ask = (caller: string, bytes = 0, since = 0) => ({ caller, bytes, since });

/** A lane that works on as much as it may, of somebody's. */
function busyLane(limits: Partial<LaneLimits> = {}) {
  const lane = new Lane<ReturnType<typeof ask>>({ ...LIMITS, ...limits });
  const running = Array.from({ length: limits.running ?? LIMITS.running }, () => ask('x'));
  for (const one of running) lane.started(one);
  return { lane, end: () => lane.ended(running.pop() ?? ask('x')) };
}

/** Answers to so many that ask for the same. */
const answers = (lane: Lane<ReturnType<typeof ask>>, caller: string, count: number): (Reason | 'waits')[] =>
  Array.from({ length: count }, () => lane.wait(ask(caller), 0) ?? 'waits');

test('who comes while there is room waits for nobody; then they wait until somebody is done', () => {
  const { lane, end } = busyLane();
  expect(lane.free(ask('a'))).toBe(false);
  expect(lane.wait(ask('a'), 0)).toBeUndefined();
  expect([lane.ready, lane.next(1)]).toEqual([false, undefined]);
  end();
  expect(lane.ready).toBe(true);
  // Those who wait go before those who come.
  expect(lane.free(ask('b'))).toBe(false);
  expect(lane.next(1)).toMatchObject({ caller: 'a' });
  expect(lane.free(ask('b'))).toBe(true);
});

test('one alone fills half of what may wait, and is told that it is more than the server can do', () => {
  const { lane } = busyLane();
  expect(answers(lane, 'a', 8)).toEqual([...Array<string>(6).fill('waits'), 'overload', 'overload']);
});

test('where others wait, who asks for most is told that it is too much, and the others still get in', () => {
  const { lane } = busyLane();
  answers(lane, 'a', 6);
  expect(answers(lane, 'b', 1)).toEqual(['waits']);
  expect(answers(lane, 'a', 1)).toEqual(['share']);
  expect(answers(lane, 'c', 2)).toEqual(['waits', 'waits']);
});

test('however many ask, no more than the bound wait', () => {
  const { lane } = busyLane();
  for (let caller = 0; caller < 100; caller += 1) lane.wait(ask(`caller ${caller}`), 0);
  expect(lane.waiting).toBeLessThanOrEqual(LIMITS.waiting);
});

test('who would wait for longer than anybody has patience is refused at once', () => {
  const { lane, end } = busyLane({ waiting: 1000 });
  answers(lane, 'a', 20);
  for (let now = 0; now < 2000; now += 200) {
    end();
    const next = lane.next(now);
    if (next) lane.started(next);
  }
  // One every 200 ms, and ten wait already.
  expect(lane.wait(ask('a', 0, 1800), 1800)).toBe('overload');
  // Of b, nothing waits: it is their turn after one of a.
  expect(lane.wait(ask('b', 0, 1800), 1800)).toBeUndefined();
  // Unless they have waited already, where nobody saw it.
  expect(lane.wait(ask('c', 0, 900), 1800)).toBe('overload');
});

test('who has waited for too long is taken out, and the lane is as open as before', () => {
  const { lane } = busyLane();
  for (const since of [0, 400, 800]) lane.wait(ask('a', 0, since), since);
  expect(lane.tooOld(1600).map(({ since }) => since)).toEqual([0]);
  expect(lane.tooOld(9000)).toHaveLength(2);
  expect(lane.waiting).toBe(0);
  expect(lane.wait(ask('a', 0, 9000), 9000)).toBeUndefined();
});

test('large bodies are worked on one after the other, however large the first is', () => {
  const lane = new Lane<ReturnType<typeof ask>>(LIMITS);
  const huge = ask('a', 5000);
  expect(lane.free(huge)).toBe(true);
  lane.started(huge);
  expect(lane.free(ask('b', 10))).toBe(false);
  lane.ended(huge);
  lane.started(ask('b', 600));
  expect([lane.free(ask('a', 600)), lane.free(ask('a', 400))]).toEqual([false, true]);
});

test('what waits holds no more memory than the bound', () => {
  const { lane } = busyLane({ waitingBytes: 100_000 });
  expect([lane.wait(ask('a', 50_000_000), 0), lane.wait(ask('b', 50_000_000), 0)]).toEqual([
    undefined,
    'overload',
  ]);
  expect(lane.wait(ask('b', 20_000), 0)).toBeUndefined();
});
