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
import {
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
import { numberMatches, unitTerms } from './number.ts';
import { codings, isTerm, termsBeginning } from './token.ts';
import { alternatives, plainText } from './values.ts';

/** One component of one alternative, on the columns of its slot (1 to 3). */
async function slotMatches(
  connection: Connection,
  name: string,
  component: SearchParameter,
  piece: string,
  slot: number,
  now: number,
  fhirBase: string | undefined,
): Promise<(v: string) => Sql> {
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
      return (v) => isTerm(term(v), terms);
    }
    case 'number': {
      const value = one(parseNumber);
      return (v) => numberMatches(value, low(v), high(v));
    }
    case 'quantity': {
      const value = one(parseQuantity);
      const units = await unitTerms(connection, value);
      return (v) =>
        sql`(${numberMatches(value, low(v), high(v))} ${units === undefined ? sql`` : sql`and ${sql.ref(term(v))} in (${list(units)})`})`;
    }
    case 'date': {
      const value = one(parseDate);
      return (v) => dateMatches(value, low(v), high(v), now);
    }
    case 'string': {
      const terms = termsBeginning(TERM.string, [foldString(one(plainText))]);
      return (v) => isTerm(term(v), { numbers: [], subqueries: terms });
    }
    case 'uri': {
      const uri = one(plainText);
      return (v) =>
        sql`${sql.ref(term(v))} in (select num from term where kind = ${TERM.uri} and value = ${keyText(uri)})`;
    }
    case 'reference': {
      const value = one((text) => parseReference(text, fhirBase));
      const names =
        value.type === undefined
          ? (component.targets ?? []).map((type) => `${type}/${value.id ?? ''}`)
          : [`${value.type}/${value.id ?? ''}`];
      const numbers: number[] = [];
      for (const reference of names) numbers.push(await nameNumber(connection, reference));
      return (v) => sql`${sql.ref(term(v))} in (${list(numbers)})`;
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
  const choices: ((v: string) => Sql)[] = [];
  for (const choice of splitValue(asked.value, ',')) {
    const pieces = splitValue(choice, '$');
    if (pieces.length !== components.length) {
      throw malformed(asked.name, `${components.length} components, separated by $, are expected.`);
    }
    const parts: ((v: string) => Sql)[] = [];
    for (const [at, component] of components.entries()) {
      parts.push(
        await slotMatches(connection, asked.name, component, pieces[at] ?? '', at + 1, now, fhirBase),
      );
    }
    choices.push(
      (v) =>
        sql`(${sql.join(
          parts.map((part) => part(v)),
          ' and ',
        )})`,
    );
  }
  const numbers = asked.parameters.map(({ number }) => number);
  return onValues(
    connection.words,
    'composite',
    numbers,
    (v) => either(choices.map((choice) => choice(v))),
    18,
  );
}
