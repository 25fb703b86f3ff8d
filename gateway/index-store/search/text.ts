import { sql } from '../sql.ts';
import { parseTextQuery, TextQueryError, wordCount, type TextQuery } from '../fulltext/query.ts';
import { malformed, unsupportedModifier, type Condition } from './condition.ts';
import { confinedTo, type SearchContext } from './context.ts';
import { alternatives, plainText } from './values.ts';

/** Parameters that are searched on the full-text index. */
export const isText = (code: string): code is '_text' | '_content' => code === '_text' || code === '_content';

/** More patients than this are not looked for together with the words. */
const MOST_PATIENTS = 60;

/**
 * `_text`, the narrative, and `_content`, everything that people read in a resource.
 * https://hl7.org/fhir/R4/search.html#content
 */
export function textCondition(
  { connection: { words }, budget }: SearchContext,
  asked: { name: string; code: '_text' | '_content'; modifier: string | undefined; value: string },
): Condition {
  if (asked.modifier !== undefined) throw unsupportedModifier({ ...asked, parameters: [] });
  let query: TextQuery;
  try {
    const of = alternatives(asked, plainText).map(parseTextQuery);
    query = { kind: 'or', of };
  } catch (error) {
    throw error instanceof TextQueryError ? malformed(asked.name, error.message) : error;
  }
  budget.addTerms(wordCount(query));
  const scope = asked.code === '_text' ? 'narrative' : 'everything';
  return {
    rank: 25,
    exact: true,
    gathered: true,
    holds: (r) => words.fulltext.holds(sql.ref(`${r}.rid`), query, scope),
    rows(patients) {
      const few = patients !== undefined && patients.length <= MOST_PATIENTS ? patients : undefined;
      return sql`select v.rid, v.patient from (${words.fulltext.rows(query, scope, few)}) found
        cross join resource v where v.rid = found.rid ${confinedTo(sql`v.patient`, patients)}`;
    },
  };
}
