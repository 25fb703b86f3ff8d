import type { SQLOutputValue } from 'node:sqlite';

type Column = SQLOutputValue | undefined;

/** A column that holds an integer; throws a TypeError when the file has something else there. */
export function integer(value: Column): number {
  if (typeof value !== 'number') throw new TypeError('a column is no integer');
  return value;
}

export function text(value: Column): string {
  if (typeof value !== 'string') throw new TypeError('a column is no text');
  return value;
}

export function bytes(value: Column): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new TypeError('a column is no byte string');
  return value;
}
