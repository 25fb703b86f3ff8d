import { parseDate, type DateValue } from '@fhir-fabric-gateway/mappings';
import { sql } from '../sql.ts';
import type { DialectWords } from '../connection.ts';
import { EARLIEST, LATEST, clampTime } from '../numbers.ts';
import { ODD, SPANS } from '../write-values.ts';
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

/** The part of the distance between now and a date by which `ap` widens it. */
const APPROXIMATE = 0.1;

function asked(value: DateValue): { prefix: DateValue['prefix']; from: number; to: number } {
  return { prefix: value.prefix, from: clampTime(value.from), to: clampTime(value.to) };
}

/** That the span from column `low` to column `high` answers to the date asked for. */
export function dateMatches(value: DateValue, low: Sql, high: Sql, now: number): Sql {
  const { prefix, from, to } = asked(value);
  const inside = sql`(${low} >= ${from} and ${high} <= ${to})`;
  switch (prefix) {
    case 'eq':
      return inside;
    case 'ne':
      return sql`not ${inside}`;
    case 'gt':
      return sql`${high} > ${to}`;
    case 'lt':
      return sql`${low} < ${from}`;
    case 'ge':
      return sql`(${high} > ${to} or ${inside})`;
    case 'le':
      return sql`(${low} < ${from} or ${inside})`;
    case 'sa':
      return sql`${low} > ${to}`;
    case 'eb':
      return sql`${high} < ${from}`;
    case 'ap': {
      const margin = Math.abs(now - (from + to) / 2) * APPROXIMATE;
      return sql`(${low} <= ${clampTime(to + margin)} and ${high} >= ${clampTime(from - margin)})`;
    }
  }
}

/** Between what a matching date begins, if it were a moment; one that spans some time may begin that much earlier. */
function bounds(value: DateValue, now: number): { above?: number; below?: number } {
  const { prefix, from, to } = asked(value);
  switch (prefix) {
    case 'eq':
      return { above: from, below: to };
    case 'gt':
    case 'sa':
      return { above: to };
    case 'ge':
      return { above: from };
    case 'lt':
    case 'eb':
      return { below: from };
    case 'le':
      return { below: to };
    case 'ap': {
      const margin = Math.abs(now - (from + to) / 2) * APPROXIMATE;
      return { above: from - margin, below: to + margin };
    }
    case 'ne':
      return {};
  }
}

/** Date parameters with their prefixes. https://hl7.org/fhir/R4/search.html#date */
export function dateCondition(words: DialectWords, search: Asked, now: number): Condition {
  if (search.modifier !== undefined) throw unsupportedModifier(search);
  const numbers = search.parameters.map(({ number }) => number);
  const values = alternatives(search, parseDate);
  const matches = (v: string) =>
    either(values.map((value) => dateMatches(value, sql.ref(`${v}.low`), sql.ref(`${v}.high`), now)));
  const condition = onValues(words, 'date', numbers, matches, 40);
  const [only] = values;
  if (only === undefined || values.length > 1 || only.prefix === 'ne') return condition;
  const { above = EARLIEST, below = LATEST } = bounds(only, now);
  return ranged({
    ...condition,
    range: { parameters: numbers, above: clampTime(above), below: clampTime(below) },
  });
}

/** Dates are found by where they begin; the few odd ones, whatever their dates, are judged afterwards. */
function ranged(condition: Condition): Condition {
  const { range } = condition;
  if (range === undefined) return condition;
  return {
    ...condition,
    exact: false,
    rows: (patients) => {
      const confined = patients === undefined ? sql`` : sql`and v.patient in (${list(patients)})`;
      const from = sql`select v.rid, v.patient from date v where v.parameter in (${constants(range.parameters)}) ${confined}`;
      // One patient's are few, whatever they span. Of all patients' SQLite finds the odd ones by their index only where the
      // text repeats its condition; those of the first class are found among all, since the index of times is then enough.
      const odd = (no: number): Sql => {
        const is = sql`and v.odd = ${sql.raw(String(no))}`;
        if (patients !== undefined) return is;
        return no === 0 ? sql`` : sql`${is} and v.odd > 0`;
      };
      const classes = SPANS.map(
        (span, no) => sql`${from} ${odd(no)} and v.low between ${range.above - span} and ${range.below}`,
      );
      return sql.join([...classes, sql`${from} ${odd(ODD)}`], ' union all ');
    },
  };
}

/** `date=ge2020&date=lt2021`: each condition stays as it is, but a search may begin at the range that they leave. */
export function mergeRanges(conditions: readonly Condition[]): Condition[] {
  const key = ({ range }: Condition) => range?.parameters.join();
  return conditions.map((condition) => {
    const { range } = condition;
    const same = conditions.filter((other) => range !== undefined && key(other) === key(condition));
    if (range === undefined || same.length < 2) return condition;
    const above = Math.max(...same.map((other) => other.range?.above ?? EARLIEST));
    const below = Math.min(...same.map((other) => other.range?.below ?? LATEST));
    return ranged({ ...condition, range: { ...range, above, below } });
  });
}
