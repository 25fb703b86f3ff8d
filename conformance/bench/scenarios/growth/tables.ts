import { perSecond } from '../../load/job.ts';
import { spreadOf } from '../../measurement/spread.ts';
import type { Row, Table } from '../../report/table.ts';
import type { Answered } from './ask.ts';

/** What was measured at one size. */
export interface Size {
  observations: number;
  answered: readonly Answered[];
  figures: Row;
}

export const count = (observations: number): string => observations.toLocaleString('en-GB');

const rate = ({ outcomes }: Answered): number => spreadOf(outcomes.map(perSecond)).median;
const cpu = (answered: Answered): number => spreadOf(answered.cpu).median;

/** A row for each question at each size, and how it compares with the smallest. */
export function speeds(sizes: readonly Size[], notes: readonly string[]): Table {
  const [smallest] = sizes;
  const rows = (smallest?.answered ?? []).flatMap((least, at) =>
    sizes.flatMap(({ observations, answered }): Row[] => {
      const here = answered[at];
      if (here === undefined) return [];
      return [
        {
          what: here.question.what,
          observations,
          perSecond: spreadOf(here.outcomes.map(perSecond)),
          p50: spreadOf(here.outcomes.map(({ latency }) => latency.p50)).median,
          p99: spreadOf(here.outcomes.map(({ latency }) => latency.p99)).median,
          cpu: spreadOf(here.cpu),
          found: here.found,
          times: rate(least) / rate(here),
          timesCpu: cpu(here) / cpu(least),
        },
      ];
    }),
  );
  return {
    title: 'The same questions among more Observations',
    columns: [
      { key: 'what', title: 'a request' },
      { key: 'observations', title: 'Observations' },
      { key: 'perSecond', title: 'requests/s' },
      { key: 'p50', title: 'p50 ms', decimals: 1 },
      { key: 'p99', title: 'p99 ms', decimals: 1 },
      { key: 'cpu', title: "gateway's CPU ms", decimals: 2 },
      { key: 'found', title: 'resources an answer', decimals: 1 },
      { key: 'times', title: 'times as long', decimals: 2 },
      { key: 'timesCpu', title: 'times the CPU', decimals: 2 },
    ],
    rows,
    notes,
  };
}

export const costs = (sizes: readonly Size[]): Table => ({
  title: 'What so many Observations take',
  columns: [
    { key: 'observations', title: 'Observations' },
    { key: 'resources', title: 'resources' },
    { key: 'filled', title: 'filled, Observations/s' },
    { key: 'started', title: 's until it answers', decimals: 2 },
    { key: 'memoryThen', title: 'MB resident then' },
    { key: 'memory', title: 'after the questions' },
    { key: 'ledger', title: 'ledger.db, MB' },
    { key: 'index', title: 'index.db, MB' },
    { key: 'bytes', title: 'bytes a resource' },
    { key: 'rebuilt', title: 's to rebuild the index', decimals: 1 },
  ],
  rows: sizes.map(({ figures }) => figures),
});
