import { spreadOf, type Spread } from '../measurement/spread.ts';
import { failures, perSecond, type Outcome } from '../load/job.ts';
import type { Column, Row } from './table.ts';

/** The columns of what `loadRow` answers. */
export const loadColumns = (unit: string): Column[] => [
  { key: 'perSecond', title: `${unit}/s` },
  { key: 'p50', title: 'p50 ms', decimals: 1 },
  { key: 'p99', title: 'p99 ms', decimals: 1 },
  { key: 'failed', title: 'failed' },
  { key: 'loadCpu', title: "load's CPU %" },
];

/** Runs of one load as a row. `each`: how many of the unit a request carries. */
export function loadRow(outcomes: readonly Outcome[], each = 1): Row {
  return {
    perSecond: spreadOf(outcomes.map((outcome) => perSecond(outcome) * each)),
    p50: spreadOf(outcomes.map(({ latency }) => latency.p50)),
    p99: spreadOf(outcomes.map(({ latency }) => latency.p99)),
    failed: outcomes.reduce((sum, outcome) => sum + failures(outcome), 0),
    loadCpu: spreadOf(outcomes.map(({ busy }) => busy * 100)).median,
  };
}

/** How many times faster the one was than the other, run by run. */
export function ratio(outcomes: readonly Outcome[], rivals: readonly Outcome[]): Spread {
  return spreadOf(
    outcomes.map((outcome, run) => {
      const rival = rivals[run];
      return perSecond(outcome) / (rival ? perSecond(rival) : Number.NaN);
    }),
  );
}
