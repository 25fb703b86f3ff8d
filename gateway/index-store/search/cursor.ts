import { sql } from '../sql.ts';
import { badRequest } from '../../fhir/errors.ts';
import { either, type Sql } from './condition.ts';

/** A sort key's value in the last row of a page; null when it has none. */
export type KeyValue = string | number | null;

/** Where the page before ended, and the last block that the search looks at. */
export interface Cursor {
  block: number;
  keys: readonly KeyValue[];
  patient: number;
  rid: number;
}

const VERSION = 1;

/** What three numbers take, and what stands between them. */
const NUMBERS = 64;

/** As long for small numbers as for large ones: how many resources and blocks there are is not the client's to know. */
export const encodeCursor = ({ block, keys, patient, rid }: Cursor): string => {
  const length = JSON.stringify(keys).length + NUMBERS;
  return Buffer.from(JSON.stringify([VERSION, block, keys, patient, rid]).padEnd(length)).toString(
    'base64url',
  );
};

const isKey = (value: unknown): value is KeyValue =>
  value === null || typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value));

/** Reads a cursor; throws 400 when it is none of this search. That nobody changed it is the caller's to check. */
export function decodeCursor(text: string, keyCount: number): Cursor {
  const broken = badRequest('The page link is not one that this server made for this search.');
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    throw broken;
  }
  if (!Array.isArray(parts)) throw broken;
  const [version, block, keys, patient, rid] = parts as unknown[];
  if (
    version !== VERSION ||
    !Number.isSafeInteger(block) ||
    !Number.isSafeInteger(patient) ||
    !Number.isSafeInteger(rid) ||
    !Array.isArray(keys) ||
    keys.length !== keyCount ||
    !keys.every(isKey)
  ) {
    throw broken;
  }
  return { block: Number(block), keys, patient: Number(patient), rid: Number(rid) };
}

/** One column of the order, and its value in the last row. */
export interface OrderColumn {
  column: Sql;
  descending: boolean;
  value: KeyValue;
  /** Whether the column can be null, which comes last. */
  nullable: boolean;
}

const beyond = ({ column, descending, value, nullable }: OrderColumn): Sql => {
  if (value === null) return sql`1 = 0`;
  const past = descending ? sql`${column} < ${value}` : sql`${column} > ${value}`;
  return nullable ? sql`(${past} or ${column} is null)` : past;
};

/** That a row comes after the last one in the order of the columns. */
export function after(columns: readonly OrderColumn[]): Sql {
  const same: Sql[] = [];
  const steps = columns.map((column) => {
    const step = sql`(${sql.join([...same, beyond(column)], ' and ')})`;
    same.push(
      column.value === null ? sql`${column.column} is null` : sql`${column.column} = ${column.value}`,
    );
    return step;
  });
  return either(steps);
}

/** The order of the columns as an `order by`. */
export const orderBy = (columns: readonly Omit<OrderColumn, 'value'>[]): Sql =>
  sql.join(
    columns.flatMap(({ column, descending, nullable }) => [
      ...(nullable ? [sql`(${column} is null)`] : []),
      descending ? sql`${column} desc` : sql`${column}`,
    ]),
  );
