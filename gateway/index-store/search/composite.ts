import {
  parseDate,
  parseNumber,
  parseQuantity,
  parseReference,
  parseToken,
  splitValue,
  type SearchParameter,
} from '@fhir-fabric-gateway/mappings';
import { sql } from '../sql.ts';
import { nameNumber } from '../../consent/concerns.ts';
import { foldString, keyText } from '../fold.ts';
import type { Connection } from '../connection.ts';
import { TERM } from '../schema.ts';
import { aside } from '../write-values.ts';
import {
  all,
  constants,
  either,
  list,
  malformed,
  onValues,
  unsupportedModifier,
  type Asked,
  type Condition,
  type Sql,
} from './condition.ts';
import { dateMatches } from './date.ts';
import { comparedQuantity, numberMatches } from './number.ts';
import { codings, isTerm, termsBeginning } from './token.ts';
import { alternatives, plainText } from './values.ts';

/** What a component of a composite asks of the columns of its slot. */
interface SlotMatch {
  holds: (v: string) => Sql;
  /** Whether it is found among values in base units. */
  inBaseUnits?: boolean;
}

/** One component of one alternative, on the columns of its slot (1 to 3). */
async function slotMatches(
  connection: Connection,
  name: string,
  component: SearchParameter,
  piece: string,
  slot: number,
  now: number,
  fhirBase: string | undefined,
): Promise<SlotMatch> {
  const term = (v: string) => `${v}.term${slot}`;
  const low = (v: string) => sql.ref(`${v}.low${slot}`);
  const high = (v: string) => sql.ref(`${v}.high${slot}`);
  const one = <T>(parse: (text: string) => T): T => {
    // The commas between alternatives are gone already; what is left of them is escaped.
    const [value] = alternatives({ name, value: piece }, parse);
    if (value === undefined) throw malformed(name, 'A component is empty.');
    return value;
  };
  switch (component.type) {
    case 'token': {
      const terms = await codings(connection, [one(parseToken)]);
      return { holds: (v) => isTerm(term(v), terms) };
    }
    case 'number': {
      const value = one(parseNumber);
      return { holds: (v) => numberMatches(value, low(v), high(v)) };
    }
    case 'quantity': {
      const { value, units, inBaseUnits } = await comparedQuantity(connection, one(parseQuantity));
      const unit = (v: string) =>
        units === undefined ? sql`` : sql`and ${sql.ref(term(v))} in (${list(units)})`;
      return { inBaseUnits, holds: (v) => sql`(${numberMatches(value, low(v), high(v))} ${unit(v)})` };
    }
    case 'date': {
      const value = one(parseDate);
      return { holds: (v) => dateMatches(value, low(v), high(v), now) };
    }
    case 'string': {
      const terms = termsBeginning(TERM.string, [foldString(one(plainText))]);
      return { holds: (v) => isTerm(term(v), { numbers: [], subqueries: terms }) };
    }
    case 'uri': {
      const uri = one(plainText);
      return {
        holds: (v) =>
          sql`${sql.ref(term(v))} in (select num from term where kind = ${TERM.uri} and value = ${keyText(uri)})`,
      };
    }
    case 'reference': {
      const value = one((text) => parseReference(text, fhirBase));
      const names =
        value.type === undefined
          ? (component.targets ?? []).map((type) => `${type}/${value.id ?? ''}`)
          : [`${value.type}/${value.id ?? ''}`];
      const numbers: number[] = [];
      for (const reference of names) numbers.push(await nameNumber(connection, reference));
      return { holds: (v) => sql`${sql.ref(term(v))} in (${list(numbers)})` };
    }
    case 'composite':
    case 'special':
      throw malformed(name, 'This composite is not supported.');
  }
}

/** Composite parameters: the components, joined by `$`, of one repetition. https://hl7.org/fhir/R4/search.html#combining */
export async function compositeCondition(
  connection: Connection,
  asked: Asked,
  now: number,
  fhirBase: string | undefined,
): Promise<Condition> {
  if (asked.modifier !== undefined) throw unsupportedModifier(asked);
  const components = asked.parameters[0]?.components ?? [];
  const plain = asked.parameters.map(({ number }) => number);
  const choices: { numbers: number[]; parts: SlotMatch[] }[] = [];
  for (const choice of splitValue(asked.value, ',')) {
    const pieces = splitValue(choice, '$');
    if (pieces.length !== components.length) {
      throw malformed(asked.name, `${components.length} components, separated by $, are expected.`);
    }
    const parts: SlotMatch[] = [];
    for (const [at, component] of components.entries()) {
      parts.push(
        await slotMatches(connection, asked.name, component, pieces[at] ?? '', at + 1, now, fhirBase),
      );
    }
    const inBaseUnits = parts.some((part) => part.inBaseUnits === true);
    choices.push({ parts, numbers: inBaseUnits ? plain.map(aside) : plain });
  }
  const numbers = [...new Set(choices.flatMap((choice) => choice.numbers))];
  const mixed = numbers.length > plain.length;
  const holds = (v: string) =>
    either(
      choices.map((choice) => {
        const which = mixed ? [sql`${sql.ref(`${v}.parameter`)} in (${constants(choice.numbers)})`] : [];
        return sql`(${all([...which, ...choice.parts.map((part) => part.holds(v))])})`;
      }),
    );
  return onValues(connection.words, 'composite', numbers, holds, 18);
}
