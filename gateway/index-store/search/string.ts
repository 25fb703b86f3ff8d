import { sql } from '../sql.ts';
import { afterPrefix, exactString, foldString } from '../fold.ts';
import type { DialectWords } from '../connection.ts';
import { either, onValues, unsupportedModifier, type Asked, type Condition, type Sql } from './condition.ts';
import { alternatives, plainText } from './values.ts';

/**
 * String parameters: by default what begins with the value, without case and accents; `:exact`, `:contains`.
 * https://hl7.org/fhir/R4/search.html#string
 */
export function stringCondition(words: DialectWords, asked: Asked): Condition {
  const texts = alternatives(asked, plainText);
  const on = (matches: (v: string, text: string) => Sql, rank: number) =>
    onValues(
      words,
      'string',
      asked.parameters.map(({ number }) => number),
      (v) => either(texts.map((text) => matches(v, text))),
      rank,
    );
  switch (asked.modifier) {
    case undefined:
      return on((v, text) => {
        const prefix = foldString(text);
        return sql`(${sql.ref(`${v}.folded`)} >= ${prefix} and ${sql.ref(`${v}.folded`)} < ${afterPrefix(prefix)})`;
      }, 10);
    case 'exact':
      return on(
        (v, text) =>
          sql`(${sql.ref(`${v}.folded`)} = ${foldString(text)} and ${sql.ref(`${v}.exact`)} = ${exactString(text)})`,
        8,
      );
    case 'contains':
      return on((v, text) => words.includes(sql.ref(`${v}.folded`), foldString(text)), 60);
    default:
      throw unsupportedModifier(asked);
  }
}
