import { perSecond, type FloodOutcome } from '../load/job.ts';
import type { Column, Row } from './table.ts';

/** The columns of what `answersRow` answers. */
export const ANSWERS: readonly Column[] = [
  { key: 'sent', title: 'sent/s' },
  { key: 'accepted', title: 'accepted/s' },
  { key: 'success', title: '200, 201 %', decimals: 1 },
  { key: 'tooMany', title: '429 %', decimals: 1 },
  { key: 'overloaded', title: '503 %', decimals: 1 },
  { key: 'unsaid', title: 'of these without Retry-After' },
  { key: 'otherwise', title: 'other answers' },
  { key: 'unanswered', title: 'no answer' },
  { key: 'p50', title: 'accepted, p50 ms' },
  { key: 'p99', title: 'p99 ms' },
  { key: 'max', title: 'most ms' },
];

/** What became of a flood as a row: shares of what was sent, and times of what was accepted. */
export function answersRow(outcome: FloodOutcome): Row {
  const { statuses, retryAfter, unanswered, succeeded, latency, sendSeconds } = outcome;
  const answered = Object.values(statuses).reduce((sum, count) => sum + count, 0);
  const sent = answered + unanswered;
  const of = (status: number) => statuses[status] ?? 0;
  const share = (count: number) => (count * 100) / sent;
  const refused = of(429) + of(503);
  return {
    sent: sent / sendSeconds,
    accepted: perSecond(outcome),
    success: share(succeeded),
    tooMany: share(of(429)),
    overloaded: share(of(503)),
    unsaid: refused - (retryAfter[429] ?? 0) - (retryAfter[503] ?? 0),
    otherwise: answered - succeeded - refused,
    unanswered,
    p50: latency.p50,
    p99: latency.p99,
    max: latency.max,
  };
}
