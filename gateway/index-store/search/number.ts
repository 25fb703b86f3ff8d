import {
  parseNumber,
  parseQuantity,
  type NumberValue,
  type QuantityValue,
} from '@fhir-fabric-gateway/mappings';
import { sql } from '../sql.ts';
import { termNumber } from '../../consent/concerns.ts';
import { asNumber, type Connection, type DialectWords } from '../connection.ts';
import { keyText } from '../fold.ts';
import { TERM } from '../schema.ts';
import {
  either,
  list,
  onValues,
  unsupportedModifier,
  type Asked,
  type Condition,
  type Sql,
} from './condition.ts';
import { alternatives } from './values.ts';

const APPROXIMATE = 0.1;

/**
 * That what extends from column `low` to column `high` (a plain number: both are it) answers to the number asked for.
 * `eq` goes by the precision of what was asked: 100 is 99.5 to 100.5; the other prefixes by the number itself.
 */
export function numberMatches({ prefix, value, low: from, high: to }: NumberValue, low: Sql, high: Sql): Sql {
  const inside = sql`(${low} >= ${from} and ${high} <= ${to} and (${high} < ${to} or ${high} = ${value}))`;
  switch (prefix) {
    case 'eq':
      return inside;
    case 'ne':
      return sql`not ${inside}`;
    case 'gt':
      return sql`${high} > ${value}`;
    case 'lt':
      return sql`${low} < ${value}`;
    case 'ge':
      return sql`${high} >= ${value}`;
    case 'le':
      return sql`${low} <= ${value}`;
    case 'sa':
      return sql`${low} > ${value}`;
    case 'eb':
      return sql`${high} < ${value}`;
    case 'ap': {
      const margin = Math.abs(value) * APPROXIMATE;
      return sql`(${low} <= ${value + margin} and ${high} >= ${value - margin})`;
    }
  }
}

/** Interned units that a quantity names; undefined when it names none. */
export async function unitTerms(
  connection: Connection,
  { system, code }: QuantityValue,
): Promise<number[] | undefined> {
  if (code === undefined) return undefined;
  if (system !== undefined) {
    return [await termNumber(connection, TERM.unit, code, await termNumber(connection, TERM.system, system))];
  }
  const rows = await connection.all('select num from term where kind in (?, ?) and value = ?', [
    TERM.unit,
    TERM.unitLabel,
    keyText(code),
  ]);
  return rows.map((row) => asNumber(row['num']));
}

/** Number parameters. https://hl7.org/fhir/R4/search.html#number */
export function numberCondition(words: DialectWords, asked: Asked): Condition {
  if (asked.modifier !== undefined) throw unsupportedModifier(asked);
  const values = alternatives(asked, parseNumber);
  return onValues(
    words,
    'quantity',
    asked.parameters.map(({ number }) => number),
    (v) => either(values.map((value) => numberMatches(value, sql.ref(`${v}.low`), sql.ref(`${v}.high`)))),
    50,
  );
}

/** Quantity parameters; units are compared as they are written. https://hl7.org/fhir/R4/search.html#quantity */
export async function quantityCondition(connection: Connection, asked: Asked): Promise<Condition> {
  if (asked.modifier !== undefined) throw unsupportedModifier(asked);
  const values: { value: QuantityValue; units: number[] | undefined }[] = [];
  for (const value of alternatives(asked, parseQuantity)) {
    values.push({ value, units: await unitTerms(connection, value) });
  }
  const unit = (v: string, units: number[] | undefined) =>
    units === undefined
      ? sql``
      : sql`and (${sql.ref(`${v}.unit`)} in (${list(units)}) or ${sql.ref(`${v}.label`)} in (${list(units)}))`;
  return onValues(
    connection.words,
    'quantity',
    asked.parameters.map(({ number }) => number),
    (v) =>
      either(
        values.map(
          ({ value, units }) =>
            sql`(${numberMatches(value, sql.ref(`${v}.low`), sql.ref(`${v}.high`))} ${unit(v, units)})`,
        ),
      ),
    50,
  );
}
