/** What makes data sensitive: codes, and the labels that they bring. */
export interface LabelRow {
  /** Codes of v3-ActCode: the sensitivity itself, and the wider ones that it is part of. */
  labels: readonly string[];
  /** A code of v3-Confidentiality. */
  confidentiality: 'L' | 'M' | 'N' | 'R' | 'V';
  /** By code system; a code that ends in `*` stands for all that begin with what is before it (`F10*`). */
  codes: Readonly<Record<string, readonly string[]>>;
}

export interface LabelTable {
  rows: readonly LabelRow[];
}

const LETTERS = ['L', 'M', 'N', 'R', 'V'];

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string' && item !== '' && item !== '*');

function rowProblem(row: unknown): string | undefined {
  if (typeof row !== 'object' || row === null) return 'is no object';
  const { labels, confidentiality, codes } = row as Partial<Record<keyof LabelRow, unknown>>;
  if (!isTexts(labels)) return 'labels must be a list of codes of v3-ActCode';
  if (!LETTERS.includes(String(confidentiality)))
    return `confidentiality must be one of ${LETTERS.join(', ')}`;
  if (typeof codes !== 'object' || codes === null || !Object.values(codes).every(isTexts))
    return 'codes must be lists of codes by code system';
  return undefined;
}

/**
 * A table that an operator wrote, as JSON text: `{"rows": [{"labels": ["PSY"], "confidentiality": "R", "codes":
 * {"http://loinc.org": ["44261-6"]}}]}`. Throws an Error that says which row is wrong.
 */
export function parseLabelTable(text: string): LabelTable {
  const table = JSON.parse(text) as Partial<LabelTable> | null;
  const rows: unknown = table?.rows;
  if (!Array.isArray(rows)) throw new Error('it has no list "rows"');
  rows.forEach((row, index) => {
    const problem = rowProblem(row);
    if (problem !== undefined) throw new Error(`rows[${index}]: ${problem}`);
  });
  return { rows: rows as LabelRow[] };
}
