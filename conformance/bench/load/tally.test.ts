import { failures, perSecond } from './job.ts';
import { Tally } from './tally.ts';

test('what was not answered, or not with success, is a failure, and has no latency', () => {
  const tally = new Tally();
  for (const latency of [3, 1, 2]) tally.answered(201, latency);
  tally.answered(503, 1000);
  tally.unanswered();
  const outcome = tally.outcome();
  expect(outcome).toMatchObject({
    succeeded: 3,
    statuses: { 201: 3, 503: 1 },
    unanswered: 1,
    latency: { p50: 2, p99: 3, mean: 2, max: 3 },
  });
  expect(failures(outcome)).toBe(2);
});

test('a load without an answer did nothing a second', () => {
  expect(perSecond(new Tally().outcome())).toBe(0);
});
