import { sql, type Sql } from '../sql.ts';
import type { SearchParameter } from '@fhir-fabric-gateway/mappings';
import { FhirError } from '../../fhir/errors.ts';
import type { DialectWords } from '../connection.ts';

export type { Sql };

/** Between what the beginning of a matching date lies, if the date is not odd (write-values.ts). */
export interface DateRange {
  parameters: readonly number[];
  above: number;
  below: number;
}

/** One search parameter with its value, as SQL in two forms. */
export interface Condition {
  /** Holds for the row of `resource` under the alias. */
  holds(r: string): Sql;
  /**
   * The resources for which it holds, and perhaps more, as `select rid, patient`, confined to `patients` where given:
   * for a search to begin with. Absent when that would be most of them.
   */
  rows?(patients: readonly number[] | undefined): Sql;
  /** Whether `rows` never yields a resource twice, and in the order (patient, rid) within one patient or over all. */
  ordered?: boolean;
  /** Whether `rows` yields nothing more. */
  exact?: boolean;
  /** Whether `rows` come in no order that a page could be read in. */
  gathered?: boolean;
  /** Likely size of `rows`: smaller is better to begin with. */
  rank: number;
  /** For a date with one alternative: what its beginning lies between, so that two of them make one range. */
  range?: DateRange;
  /** When the condition pins a search to these patients' records: their numbers. */
  patients?: readonly number[];
}

export const NEVER = sql`1 = 0`;
/** Numbers of parameters and types: few, so that they stand in the text itself. */
export const constants = (values: readonly number[]): Sql =>
  sql.raw([...new Set(values)].map(String).join(', ') || 'null');

/** A number that decides how a query is best run, and so stands in its text. */
export const constant = (value: number): Sql => sql.raw(String(value));

/** A resource has fewer values than some searches have parameters: then it is asked for its values first. */
const FEW_PARAMETERS = 4;
/** That the value's row `v` of a resource known already is of one of the parameters. */
export const ofParameters = (v: string, numbers: readonly number[]): Sql => {
  const column = sql.ref(`${v}.parameter`);
  return new Set(numbers).size <= FEW_PARAMETERS
    ? sql`${column} in (${constants(numbers)})`
    : sql`+${column} in (${constants(numbers)})`;
};

/** More numbers than this stand in the text; fewer are bound, so that the same text serves for others. */
const MOST_BOUND = 100;
export const list = (values: readonly (number | string)[]): Sql => {
  if (values.length === 0) return sql`null`;
  const numbers = values.filter((value) => Number.isSafeInteger(value)).map(Number);
  return values.length > MOST_BOUND && numbers.length === values.length
    ? constants(numbers)
    : sql.join([...values]);
};

/** One of the parts holds: bracketed in halves, since an engine takes expressions only so deep. */
export const either = (parts: readonly Sql[]): Sql => {
  const [first] = parts;
  if (first === undefined) return NEVER;
  if (parts.length <= 8) return sql`(${sql.join([...parts], ' or ')})`;
  const half = Math.ceil(parts.length / 2);
  return sql`(${either(parts.slice(0, half))} or ${either(parts.slice(half))})`;
};
export const all = (parts: readonly Sql[]): Sql =>
  parts.length === 0 ? sql`1 = 1` : sql.join([...parts], ' and ');

/** A parameter or modifier that does not exist, or is not supported: left out under lenient handling. */
export class UnknownParameter extends FhirError {
  constructor(name: string, diagnostics: string) {
    super(400, { code: 'not-supported', diagnostics, expression: [`http.${name}`] });
  }
}

/** A value that is not what its parameter takes. */
export const malformed = (name: string, diagnostics: string): FhirError =>
  new FhirError(400, { code: 'value', diagnostics: `${name}: ${diagnostics}`, expression: [`http.${name}`] });

/** One parameter of a search, taken apart: `subject:Patient.name` and the like are resolved before. */
export interface Asked {
  /** As the client wrote it, for errors. */
  name: string;
  /** The parameter in each type that is searched; they are of one kind. */
  parameters: readonly SearchParameter[];
  modifier: string | undefined;
  value: string;
}

export const unsupportedModifier = ({ name, modifier }: Asked): UnknownParameter =>
  new UnknownParameter(name, `The modifier :${modifier ?? ''} of ${name} is not supported.`);

/** A condition on one table of values: `v` is the value's row. */
export function onValues(
  words: DialectWords,
  table: string,
  numbers: readonly number[],
  matches: (v: string) => Sql,
  rank: number,
): Condition {
  const parameter = (v: string) => sql`${sql.ref(`${v}.parameter`)} in (${constants(numbers)})`;
  return {
    rank,
    exact: true,
    holds: (r) =>
      sql`exists (select 1 from ${sql.ref(table)} v where ${words.same(sql.ref('v.rid'), sql.ref(`${r}.rid`))} and ${ofParameters('v', numbers)} and ${matches('v')})`,
    rows: (patients) => sql`select v.rid, v.patient from ${sql.ref(table)} v where ${parameter('v')}
      ${patients === undefined ? sql`` : sql`and v.patient in (${list(patients)})`} and ${matches('v')}`,
  };
}

/** The opposite of a condition; it never is where a search begins. */
export const not = (condition: Condition): Condition => ({
  rank: condition.rank,
  holds: (r) => sql`not (${condition.holds(r)})`,
});
