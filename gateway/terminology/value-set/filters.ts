import { runInNewContext } from 'node:vm';
import type { ValueSetComposeIncludeFilter } from '@medplum/fhirtypes';
import { ANCESTORS, DESCENDANTS, type KeptCodeSystem } from '../code-system/code-system.ts';
import { cannotProcess } from '../failure.ts';
import { text, type Value } from '../store/database.ts';

/** A condition on the row `c` of `concept`. */
export interface ConceptCondition {
  sql: string;
  values: readonly Value[];
}

const NEVER: ConceptCondition = { sql: '0', values: [] };
const CODE = ['concept', 'code'];
/** Milliseconds that a regular expression may take for all codes that it is tried on. */
const REGEX_TIME = 100;
const MOST_TRIED = 50_000;

/**
 * A filter of `compose` as a condition, as https://hl7.org/fhir/R4/valueset-filter-operator.html says. Throws 422 for an
 * operator that the property does not take.
 */
export function filterCondition(
  system: KeptCodeSystem,
  { property = '', op, value = '' }: ValueSetComposeIncludeFilter,
): ConceptCondition {
  switch (op) {
    case 'is-a':
      return hierarchy(system, value, DESCENDANTS, true);
    case 'descendent-of':
      return hierarchy(system, value, DESCENDANTS, false);
    case 'generalizes':
      return hierarchy(system, value, ANCESTORS, true);
    case 'is-not-a':
      return negated(hierarchy(system, value, DESCENDANTS, true));
    case '=':
      return equal(system, property, [value]);
    case 'in':
      return equal(system, property, listed(value));
    case 'not-in':
      return negated(equal(system, property, listed(value)));
    case 'exists':
      return exists(property, value !== 'false');
    case 'regex':
      return matching(system, property, value);
    default:
      throw cannotProcess(`The filter operator ${String(op)} is not supported.`, 'ValueSet.compose');
  }
}

const listed = (value: string): string[] => value.split(',').map((one) => one.trim());

const negated = ({ sql, values }: ConceptCondition): ConceptCondition => ({ sql: `not (${sql})`, values });

function hierarchy(system: KeptCodeSystem, code: string, query: string, itself: boolean): ConceptCondition {
  const row = system.row(code);
  if (!row) return NEVER;
  const num = Number(row['num']);
  return { sql: `(c.num in (${query})${itself ? '' : ` and c.num <> ${num}`})`, values: [num] };
}

function numbersOf(system: KeptCodeSystem, codes: readonly string[]): string {
  return codes.map((code) => Number(system.row(code)?.['num'] ?? -1)).join(', ');
}

function equal(system: KeptCodeSystem, property: string, wanted: readonly string[]): ConceptCondition {
  if (CODE.includes(property)) return { sql: `c.num in (${numbersOf(system, wanted)})`, values: [] };
  const places = wanted.map(() => '?').join(', ');
  if (property === 'display') return { sql: `c.display in (${places})`, values: wanted };
  const byProperty = `c.num in (select concept from property where code = ? and value in (${places}))`;
  if (property !== 'parent' && property !== 'child')
    return { sql: byProperty, values: [property, ...wanted] };
  const [from, to] = property === 'parent' ? ['child', 'parent'] : ['parent', 'child'];
  return {
    sql: `c.num in (select ${from} from edge where ${to} in (${numbersOf(system, wanted)}))`,
    values: [],
  };
}

function exists(property: string, wanted: boolean): ConceptCondition {
  const condition: ConceptCondition = CODE.includes(property)
    ? { sql: '1', values: [] }
    : property === 'display' || property === 'definition'
      ? { sql: `c.${property} is not null`, values: [] }
      : { sql: 'c.num in (select concept from property where code = ?)', values: [property] };
  return wanted ? condition : negated(condition);
}

/** The whole value must match. The expression is a stranger's: it runs for a limited time. */
function matching(system: KeptCodeSystem, property: string, expression: string): ConceptCondition {
  const own = CODE.includes(property) ? 'code' : property === 'display' ? 'display' : undefined;
  const rows = own
    ? system.file.all(
        `select num, ${own} as value from concept where system = ? and ${own} is not null limit ${MOST_TRIED + 1}`,
        system.num,
      )
    : system.file.all(
        `select c.num, p.value from property p join concept c on c.num = p.concept where p.code = ? and c.system = ? limit ${MOST_TRIED + 1}`,
        property,
        system.num,
      );
  if (rows.length > MOST_TRIED)
    throw cannotProcess(`${system.url} has too many codes for a regex filter.`, 'ValueSet.compose');
  try {
    const matches = runInNewContext(
      'const whole = new RegExp(`^(?:${expression})$`); values.map((value) => whole.test(value))',
      { expression, values: rows.map((row) => text(row['value'])) },
      { timeout: REGEX_TIME },
    ) as boolean[];
    const numbers = rows.filter((_, at) => matches[at]).map((row) => Number(row['num']));
    return { sql: `c.num in (${numbers.join(', ')})`, values: [] };
  } catch {
    throw cannotProcess('The regular expression of a filter is none, or takes too long.', 'ValueSet.compose');
  }
}

/** Words that a text filter holds, each the beginning of one, as FTS5 asks for them; undefined when there is none. */
export function wordQuery(filter: string): string | undefined {
  const words = filter.match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.length === 0 ? undefined : words.map((word) => `"${word}"*`).join(' ');
}
