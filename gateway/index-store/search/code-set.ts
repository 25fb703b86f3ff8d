import { parseToken } from '@fhir-fabric-gateway/mappings';
import { FhirError } from '../../fhir/errors.ts';
import type { CodeSets, SystemCode } from '../code-sets.ts';
import { asNumber, type Connection } from '../connection.ts';
import { keyText } from '../fold.ts';
import { rowsFor } from '../query.ts';
import { TERM } from '../schema.ts';
import { sql } from '../sql.ts';
import { foldCode } from '../write-values.ts';
import { termNumber } from '../../consent/concerns.ts';
import { TooCostly } from './budget.ts';
import { list, malformed, unsupportedModifier, type Asked } from './condition.ts';
import type { Terms } from './token.ts';
import { alternatives, plainText } from './values.ts';

/** Codes that one parameter may stand for. */
const MOST_CODES = 5000;
/** Codes that are looked up with one statement. */
const AT_ONCE = 500;

/** What a value set or a hierarchy cannot tell is an error of the search, in the parameter that named it. */
function inParameter(name: string, ask: () => readonly SystemCode[]): readonly SystemCode[] {
  try {
    return ask();
  } catch (error) {
    if (!(error instanceof FhirError) || error.status >= 500) throw error;
    throw new FhirError(
      error.status,
      error.issues.map((issue) => ({
        ...issue,
        diagnostics: `${name}: ${issue.diagnostics}`,
        expression: [`http.${name}`],
      })),
    );
  }
}

/**
 * The codes that `:in`, `:not-in` (a value set), `:above` and `:below` (a code) stand for. Throws 400 or 422 where that
 * cannot be told, TooCostly where they are too many.
 */
export function codesAsked(asked: Asked, codes: CodeSets | undefined): SystemCode[] {
  const { name, modifier } = asked;
  if (!codes) throw unsupportedModifier(asked);
  const sets =
    modifier === 'above' || modifier === 'below'
      ? alternatives(asked, parseToken).map(({ system, code }) => {
          if (!system || code === undefined)
            throw malformed(name, `:${modifier} takes a code with its system: system|code`);
          return inParameter(name, () => codes.related({ system, code }, modifier));
        })
      : alternatives(asked, plainText).map((valueSet) => inParameter(name, () => codes.codesIn(valueSet)));
  const all = sets.flat();
  if (all.length > MOST_CODES) throw new TooCostly(name, `More than ${MOST_CODES} codes are meant.`);
  return all;
}

/** Those of the codes that the index has, whatever resource they are in. */
export async function termsOfCodes(connection: Connection, codes: readonly SystemCode[]): Promise<Terms> {
  const numbers: number[] = [];
  for (const [system, ofSystem] of Map.groupBy(codes, (one) => one.system)) {
    const number = await termNumber(connection, TERM.system, system);
    if (number < 0) continue;
    const keys = [...new Set(ofSystem.map(({ code }) => keyText(foldCode(code))))];
    for (let from = 0; from < keys.length; from += AT_ONCE) {
      const query = sql`select num from term where kind = ${sql.raw(String(TERM.coding))} and system = ${number}
        and value in (${list(keys.slice(from, from + AT_ONCE))})`;
      for (const row of await rowsFor(connection, query)) numbers.push(asNumber(row['num']));
    }
  }
  return { numbers, subqueries: [] };
}
