/** How labels stand in one column: each between line feeds, which no label contains. */
export const labelsColumn = (labels: readonly string[]): string =>
  labels.length === 0 ? '' : `\n${labels.map((label) => label.replaceAll('\n', ' ')).join('\n')}\n`;
export const labelsOf = (column: string): string[] => column.split('\n').filter((label) => label !== '');
