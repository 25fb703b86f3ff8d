import type { FloodOutcome } from '../load/job.ts';
import { answersRow } from './answers.ts';

test('a flood’s answers are shares of what was sent; a refusal that does not say when to come again is told', () => {
  const outcome: FloodOutcome = {
    ...{ seconds: 11, sendSeconds: 10, succeeded: 110, unanswered: 5, unsent: 1000, busy: 0.5 },
    statuses: { 200: 100, 201: 10, 429: 40, 503: 43, 400: 2 },
    retryAfter: { 429: 40, 503: 40 },
    latency: { p50: 10, p99: 20, mean: 12, max: 30 },
    ...{ created: [], connectionsOpen: 3 },
  };
  expect(answersRow(outcome)).toEqual({
    ...{ sent: 20, accepted: 10, success: 55, tooMany: 20, overloaded: 21.5 },
    ...{ unsaid: 3, otherwise: 2, unanswered: 5, p50: 10, p99: 20, max: 30 },
  });
});
