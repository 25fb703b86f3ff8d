import { formatTable } from '../report/table.ts';
import { numberOf, tableUnder } from './results-table.ts';

const table = (title: string, tps: number) =>
  formatTable({
    title,
    columns: [
      { key: 'offered', title: 'offered/s' },
      { key: 'tps', title: 'TPS' },
    ],
    rows: [
      { offered: 1000, tps: { median: tps, min: tps - 100, max: tps + 100 } },
      { offered: 2000, tps: Number.NaN },
    ],
    notes: ['A note | with a stroke.'],
  });

test('what a benchmark printed is read back, a number of several runs as its median', () => {
  const report = `# Measured\n\n${table('One', 1437)}\n${table('Another', 10)}`;
  const rows = tableUnder('One', report) ?? [];
  expect(rows.map((row) => [numberOf(row['offered/s']), numberOf(row['TPS'])])).toEqual([
    [1000, 1437],
    [2000, Number.NaN],
  ]);
  expect(numberOf(tableUnder('Another', report)?.[0]?.['TPS'])).toBe(10);
  expect(tableUnder('A third', report)).toBeUndefined();
});
