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
import { UCUM, canonicalUnit } from '../units/canonical.ts';
import { DIMENSIONS, aside } from '../write-values.ts';
import {
  constants,
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

/** What `ap` takes a number to be. */
const around = (value: number): [least: number, most: number] => {
  const margin = Math.abs(value) * APPROXIMATE;
  return [value - margin, value + margin];
};

/** A number asked for; `around` where that is not a tenth of it, since it was converted. */
interface Compared extends NumberValue {
  around?: readonly [least: number, most: number];
}

/**
 * That what extends from column `low` to column `high` (a plain number: both are it) answers to the number asked for.
 * `eq` goes by the precision of what was asked: 100 is 99.5 to 100.5; the other prefixes by the number itself.
 */
export function numberMatches(asked: Compared, low: Sql, high: Sql): Sql {
  const { prefix, value, low: from, high: to } = asked;
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
      const [least, most] = asked.around ?? around(value);
      return sql`(${low} <= ${most} and ${high} >= ${least})`;
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

/** How one quantity asked for is compared with those that are stored. */
export interface ComparedQuantity {
  value: Compared;
  /** Numbers of units that it may be in; undefined for any. */
  units: number[] | undefined;
  /** Whether it is compared in base units, which are stored under `aside` parameters. */
  inBaseUnits: boolean;
}

/**
 * A quantity with a UCUM code is compared in base units, whatever unit a resource has it in; with another system, or
 * without one, by the unit as it is written.
 */
export async function comparedQuantity(
  connection: Connection,
  value: QuantityValue,
): Promise<ComparedQuantity> {
  const unit = value.system === UCUM && value.code !== undefined ? canonicalUnit(value.code) : undefined;
  if (unit === undefined) return { value, units: await unitTerms(connection, value), inBaseUnits: false };
  const [least, most] = around(value.value);
  const system = await termNumber(connection, TERM.system, DIMENSIONS);
  return {
    value: {
      prefix: value.prefix,
      value: unit.of(value.value),
      low: unit.of(value.low),
      high: unit.of(value.high),
      around: [unit.of(least), unit.of(most)],
    },
    units: [await termNumber(connection, TERM.unit, unit.dimension, system)],
    inBaseUnits: true,
  };
}

/** Quantity parameters. https://hl7.org/fhir/R4/search.html#quantity */
export async function quantityCondition(connection: Connection, asked: Asked): Promise<Condition> {
  if (asked.modifier !== undefined) throw unsupportedModifier(asked);
  const values: ComparedQuantity[] = [];
  for (const value of alternatives(asked, parseQuantity))
    values.push(await comparedQuantity(connection, value));
  const plain = asked.parameters.map(({ number }) => number);
  const numbersOf = ({ inBaseUnits }: ComparedQuantity) => (inBaseUnits ? plain.map(aside) : plain);
  const numbers = [...new Set(values.flatMap(numbersOf))];
  const mixed = numbers.length > plain.length;
  const unit = (v: string, { units, inBaseUnits }: ComparedQuantity) => {
    if (units === undefined) return sql``;
    const is = sql`${sql.ref(`${v}.unit`)} in (${list(units)})`;
    return inBaseUnits ? sql`and ${is}` : sql`and (${is} or ${sql.ref(`${v}.label`)} in (${list(units)}))`;
  };
  const one = (
    v: string,
    quantity: ComparedQuantity,
  ) => sql`(${numberMatches(quantity.value, sql.ref(`${v}.low`), sql.ref(`${v}.high`))} ${unit(v, quantity)}
    ${mixed ? sql`and ${sql.ref(`${v}.parameter`)} in (${constants(numbersOf(quantity))})` : sql``})`;
  return onValues(
    connection.words,
    'quantity',
    numbers,
    (v) => either(values.map((quantity) => one(v, quantity))),
    50,
  );
}
