import { ABOVE_NORMAL, CONFIDENTIALITY, NORMAL } from '@fhir-fabric-gateway/chaincode/api';
import { sql, type Sql } from '../index-store/sql.ts';
import type { DialectWords } from '../index-store/connection.ts';
import { labelsColumn } from '../index-store/labels.ts';
import { EARLIEST, LATEST, clampTime, sectionNumber, typeNumber } from '../index-store/numbers.ts';
import type { FoldedRule } from './fold-rule.ts';

/** Verdicts as numbers, so that the greatest of several is what they say together: deny wins. */
export const VERDICT = { none: 0, permit: 1, deny: 2 } as const;

/** The columns that a rule looks at, of `resource` or `facet`. */
export interface FacetColumns {
  type: Sql;
  section: Sql;
  labels: Sql;
  from: Sql;
  to: Sql;
}

export const facetColumns = (alias: string): FacetColumns => ({
  type: sql.ref(`${alias}.type`),
  section: sql.ref(`${alias}.section`),
  labels: sql.ref(`${alias}.labels`),
  from: sql.ref(`${alias}.date_from`),
  to: sql.ref(`${alias}.date_to`),
});

export const literal = (value: number): Sql => sql.raw(String(value));
const numbers = (values: readonly number[]): Sql => sql.raw(values.join(', ') || 'null');

function dataPeriodMatches(rule: FoldedRule, columns: FacetColumns): Sql | undefined {
  if (rule.dataPeriod === undefined) return undefined;
  const from = literal(rule.dataPeriod[0] === null ? EARLIEST : clampTime(rule.dataPeriod[0]));
  const to = literal(rule.dataPeriod[1] === null ? LATEST : clampTime(rule.dataPeriod[1]));
  return rule.type === 'deny'
    ? sql`(${columns.from} is null or (${columns.from} <= ${to} and ${columns.to} >= ${from}))`
    : sql`(${columns.from} is not null and ${columns.from} >= ${from} and ${columns.to} <= ${to})`;
}

/** As the evaluator has it: what has no confidentiality counts as normal, what is restricted as well does not. */
function labelMatches(words: DialectWords, label: string, { labels }: FacetColumns): Sql {
  const has = (other: string) => words.includes(labels, labelsColumn([other]));
  if (label !== NORMAL) return has(label);
  const above = sql.join(ABOVE_NORMAL.map(has), ' or ');
  return sql`(not (${above}) and (${has(label)} or not (${words.includes(labels, `\n${CONFIDENTIALITY}`)})))`;
}

function matches(words: DialectWords, rule: FoldedRule, columns: FacetColumns): Sql[] {
  const parts: (Sql | undefined)[] = [
    rule.classes &&
      sql`${columns.type} in (${numbers(rule.classes.map(typeNumber).filter((type) => type > 0))})`,
    rule.sections && sql`${columns.section} in (${numbers(rule.sections.map(sectionNumber))})`,
    rule.labels &&
      (rule.labels.length === 0
        ? sql`1 = 0`
        : sql`(${sql.join(
            rule.labels.map((label) => labelMatches(words, label, columns)),
            ' or ',
          )})`),
    dataPeriodMatches(rule, columns),
  ];
  return parts.filter((part) => part !== undefined);
}

/** What one folded rule says of the facet in `columns`: a number of VERDICT. The deepest provision that matches decides. */
export function verdictSql(words: DialectWords, rule: FoldedRule, columns: FacetColumns): Sql {
  const own = literal(VERDICT[rule.type]);
  const nested = rule.rules.map((inner) => verdictSql(words, inner, columns));
  const said =
    nested.length === 0
      ? own
      : sql`coalesce(nullif(${words.greatest([...nested, literal(VERDICT.none)])}, 0), ${own})`;
  const conditions = matches(words, rule, columns);
  if (conditions.length === 0) return said;
  return sql`case when ${sql.join(conditions, ' and ')} then ${said} else 0 end`;
}
