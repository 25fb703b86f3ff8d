import { formatTable, type Row } from '../../bench/report/table.ts';
import type { Summary } from '../load/summary.ts';

const COLUMNS = [
  { key: 'fault', title: 'fault' },
  { key: 'offered', title: 'writes offered' },
  { key: 'created', title: '201' },
  { key: 'accepted', title: '202' },
  { key: 'unavailable', title: '503' },
  { key: 'unanswered', title: 'unanswered' },
  { key: 'other', title: 'other' },
  { key: 'gap', title: 'longest gap without a success, s', decimals: 1 },
  { key: 'recovery', title: 'until all succeeded again, s', decimals: 1 },
];

/** Says on standard error what came of the writes around each fault: a run of tests has standard output. */
export function reportFaults(
  title: string,
  summaries: ReadonlyMap<string, Summary>,
  notes: readonly string[] = [],
): void {
  const rows = [...summaries].map(([fault, summary]): Row => ({ fault, ...summary }));
  process.stderr.write(`\n${formatTable({ title, columns: COLUMNS, rows, notes })}\n`);
}
