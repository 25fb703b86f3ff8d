import type { SqlValue } from '../connection.ts';

/** One column of rows as PostgreSQL writes an array: `{1,NULL,"a \"b\""}`. */
export function arrayOf(rows: readonly (readonly SqlValue[])[], column: number): string {
  let text = '{';
  for (const [at, row] of rows.entries()) {
    if (at > 0) text += ',';
    text += element(row[column] ?? null);
  }
  return `${text}}`;
}

function element(value: SqlValue): string {
  switch (typeof value) {
    case 'number':
      return String(value);
    case 'string':
      return `"${value.replace(/["\\]/g, '\\$&')}"`;
    default:
      return value === null
        ? 'NULL'
        : `"\\\\x${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')}"`;
  }
}
