/** The rows of a table by its columns' titles, as `formatTable` writes it. */
export type TableText = readonly Readonly<Record<string, string>>[];

/** The first table under this title in a Markdown text; undefined when there is none. */
export function tableUnder(title: string, markdown: string): TableText | undefined {
  const lines = markdown.split('\n');
  const at = lines.indexOf(`### ${title}`);
  if (at < 0) return undefined;
  const begins = lines.findIndex((line, index) => index > at && line.startsWith('|'));
  const [head = [], , ...rows] = rowsFrom(lines, begins);
  return rows.map((cells) => Object.fromEntries(head.map((column, index) => [column, cells[index] ?? ''])));
}

function rowsFrom(lines: readonly string[], from: number): string[][] {
  const rows: string[][] = [];
  for (let at = from; at >= 0 && lines[at]?.startsWith('|'); at += 1)
    rows.push(
      (lines[at] ?? '')
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
  return rows;
}

/** The number of a cell, of several runs their median; NaN when it has none. */
export function numberOf(cell: string | undefined): number {
  const text = /^-?[\d,]+(\.\d+)?/.exec(cell ?? '')?.[0];
  return text === undefined ? Number.NaN : Number(text.replaceAll(',', ''));
}
