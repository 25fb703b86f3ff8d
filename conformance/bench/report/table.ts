import type { Spread } from '../measurement/spread.ts';

/** A text, a number, or a number of several runs. */
export type Cell = string | number | Spread;

export interface Column {
  /** What the value is called in a JSON line. */
  key: string;
  title: string;
  /** Decimals shown. */
  decimals?: number;
}

export type Row = Readonly<Record<string, Cell | undefined>>;

/** What a benchmark found. A row that lacks a column's value has nothing to say there. */
export interface Table {
  title: string;
  columns: readonly Column[];
  rows: readonly Row[];
  /** What a reader has to know to understand the figures. */
  notes?: readonly string[];
}

/** The table in Markdown, its columns aligned: `median (min to max)` for a number of several runs. */
export function formatTable({ title, columns, rows, notes = [] }: Table): string {
  const cells = [
    columns.map((column) => column.title),
    ...rows.map((row) => columns.map(({ key, decimals }) => formatCell(row[key], decimals))),
  ];
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => line[index]?.length ?? 0), 3));
  const line = (texts: readonly string[]) =>
    `| ${texts.map((text, index) => text.padEnd(widths[index] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = cells;
  return [
    `### ${title}`,
    '',
    line(head),
    line(widths.map((width) => '-'.repeat(width))),
    ...body.map(line),
    ...notes.map((note) => `\n${note}`),
    '',
  ].join('\n');
}

function formatCell(cell: Cell | undefined, decimals = 0): string {
  if (cell === undefined) return '';
  if (typeof cell === 'string') return cell;
  const shown = (value: number) =>
    Number.isNaN(value)
      ? '-'
      : value.toLocaleString('en-GB', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  if (typeof cell === 'number') return shown(cell);
  return cell.min === cell.max
    ? shown(cell.median)
    : `${shown(cell.median)} (${shown(cell.min)} to ${shown(cell.max)})`;
}
