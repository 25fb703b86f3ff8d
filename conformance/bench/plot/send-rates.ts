import { drawLineChart, type Series } from './line-chart.ts';
import { numberOf, tableUnder, type TableText } from './results-table.ts';

/** The benchmark `thesis`'s tables of send rates, by the ledger that they are of. */
const TITLE = "The thesis's send rates, creates of Observations on ";

/**
 * What was done a second by how much was offered: this gateway's writes, as a report of the benchmark `thesis` has them,
 * beside the thesis's own. An SVG document. Throws when the report has no such table of the embedded ledger.
 */
export function drawSendRates(report: string): string {
  const embedded = tableUnder(`${TITLE}the embedded ledger`, report);
  const fabric = tableUnder(`${TITLE}Fabric`, report);
  if (!embedded) throw new Error(`the report has no table: ${TITLE}the embedded ledger`);
  const series: Series[] = [
    { name: 'gateway, embedded', look: 1, points: pointsOf(embedded, 'TPS') },
    ...(fabric ? [{ name: 'gateway, on Fabric', look: 2 as const, points: pointsOf(fabric, 'TPS') }] : []),
    { name: "thesis's ledger", look: 3, points: pointsOf(embedded, "TPS of the thesis's ledger") },
    { name: "thesis's central server", look: 4, points: pointsOf(embedded, 'of its central server') },
  ];
  return drawLineChart({
    title: 'Writes done a second, by how many are offered',
    x: 'writes offered a second',
    y: 'writes done a second (TPS)',
    series,
    description: series
      .map(({ name, points }) => `${name}: ${points.map(([x, y]) => `${y} at ${x}`).join(', ')}`)
      .join('; '),
  });
}

const pointsOf = (table: TableText, column: string): [number, number][] =>
  table
    .map((row): [number, number] => [numberOf(row['offered/s']), numberOf(row[column])])
    .filter((point) => !point.some(Number.isNaN));
