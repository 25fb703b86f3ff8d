import { parseOfType, parseToken, type TokenValue } from '@fhir-fabric-gateway/mappings';
import { sql } from '../sql.ts';
import { termNumber } from '../../consent/concerns.ts';
import { asNumber, type Connection, type DialectWords } from '../connection.ts';
import { afterPrefix, foldString, keyText } from '../fold.ts';
import { TERM } from '../schema.ts';
import type { CodeSets } from '../code-sets.ts';
import { aside, foldCode, ofTypeKey } from '../write-values.ts';
import { codesAsked, termsOfCodes } from './code-set.ts';
import {
  either,
  list,
  not,
  onValues,
  unsupportedModifier,
  type Asked,
  type Condition,
  type Sql,
} from './condition.ts';
import { alternatives, plainText } from './values.ts';

const NO_TERM = -1;

/** Interned codings that a token names, or a subquery for them when a whole system is meant. */
export interface Terms {
  numbers: number[];
  subqueries: Sql[];
}

export async function codings(connection: Connection, tokens: readonly TokenValue[]): Promise<Terms> {
  const terms: Terms = { numbers: [], subqueries: [] };
  for (const { system, code } of tokens) {
    if (system === undefined) {
      const rows = await connection.all('select num from term where kind = ? and value = ?', [
        TERM.coding,
        keyText(foldCode(code ?? '')),
      ]);
      terms.numbers.push(...rows.map((row) => asNumber(row['num'])));
      continue;
    }
    const inSystem = system === null ? 0 : await termNumber(connection, TERM.system, system);
    if (code !== undefined)
      terms.numbers.push(await termNumber(connection, TERM.coding, foldCode(code), inSystem));
    else
      terms.subqueries.push(
        sql`select num from term where kind = ${sql.raw(String(TERM.coding))} and system = ${inSystem}`,
      );
  }
  terms.numbers = terms.numbers.filter((number) => number !== NO_TERM);
  return terms;
}

/** That a column holds one of the terms. */
export const isTerm = (column: string, { numbers, subqueries }: Terms): Sql =>
  either([
    ...(numbers.length > 0 ? [sql`${sql.ref(column)} in (${list(numbers)})`] : []),
    ...subqueries.map((subquery) => sql`${sql.ref(column)} in (${subquery})`),
  ]);

/** Terms of a kind whose text begins with one of the prefixes, by a range of the index. */
export const termsBeginning = (kind: number, prefixes: readonly string[]): Sql[] =>
  prefixes.map(
    (prefix) =>
      sql`select num from term where kind = ${sql.raw(String(kind))} and value >= ${prefix} and value < ${afterPrefix(prefix)}`,
  );

function tokenRank(code: string | undefined): number {
  return code === 'identifier' ? 2 : 20;
}

const onTerms = (words: DialectWords, numbers: readonly number[], terms: Terms, rank: number): Condition => ({
  ...onValues(words, 'token', numbers, (v) => isTerm(`${v}.term`, terms), rank),
  ordered: numbers.length === 1 && terms.numbers.length === 1 && terms.subqueries.length === 0,
});

/** Token parameters, `:not`, `:text`, `:of-type`, and those that a code set answers: `:in`, `:not-in`, `:above`, `:below`. https://hl7.org/fhir/R4/search.html#token */
export async function tokenCondition(
  connection: Connection,
  asked: Asked,
  codes?: CodeSets,
): Promise<Condition> {
  const { words } = connection;
  const numbers = asked.parameters.map(({ number }) => number);
  const rank = tokenRank(asked.parameters[0]?.code);
  switch (asked.modifier) {
    case undefined:
      return onTerms(words, numbers, await codings(connection, alternatives(asked, parseToken)), rank);
    case 'not':
      return not(onTerms(words, numbers, await codings(connection, alternatives(asked, parseToken)), rank));
    case 'text': {
      const prefixes = alternatives(asked, plainText).map(foldString);
      return onTerms(
        words,
        numbers.map(aside),
        { numbers: [], subqueries: termsBeginning(TERM.text, prefixes) },
        rank,
      );
    }
    case 'of-type': {
      const found: number[] = [];
      for (const { ofType, code } of alternatives(asked, parseOfType)) {
        found.push(await termNumber(connection, TERM.ofType, ofTypeKey(ofType, code)));
      }
      return onTerms(words, numbers.map(aside), { numbers: found, subqueries: [] }, 2);
    }
    case 'in':
    case 'not-in':
    case 'above':
    case 'below': {
      const terms = await termsOfCodes(connection, codesAsked(asked, codes));
      const found = onTerms(words, numbers, terms, rank);
      return asked.modifier === 'not-in' ? not(found) : found;
    }
    default:
      throw unsupportedModifier(asked);
  }
}
