import { sql } from '../sql.ts';
import { asNumber, type Connection } from '../connection.ts';
import { keyText } from '../fold.ts';
import { rowsFor } from '../query.ts';
import { TERM } from '../schema.ts';
import { TooCostly } from './budget.ts';
import { list, onValues, unsupportedModifier, type Asked, type Condition, type Sql } from './condition.ts';
import { isTerm, termsBeginning, type Terms } from './token.ts';
import { alternatives, plainText } from './values.ts';

/** URIs that are looked up for one parameter. */
const MOST_ABOVE = 5000;

/** `http://a/b/c` itself and what is above it: `http://a/b`, `http://a`. */
function above(uri: string): string[] {
  const places = [...uri.matchAll(/\//g)]
    .map(({ index }) => index)
    .filter((at) => at > uri.indexOf('://') + 2);
  return [uri, ...places.flatMap((at) => [uri.slice(0, at), uri.slice(0, at + 1)])];
}

/** Every URI above some: two for each slash. Throws TooCostly when they are too many to look up. */
function allAbove(name: string, uris: readonly string[]): string[] {
  const slashes = uris.reduce((sum, uri) => sum + uri.split('/').length, 0);
  if (2 * slashes > MOST_ABOVE) throw new TooCostly(name, 'The URIs have too many parts.');
  return uris.flatMap(above);
}

/** Uri parameters, exact or `:below` and `:above`. https://hl7.org/fhir/R4/search.html#uri */
export async function uriCondition(connection: Connection, asked: Asked): Promise<Condition> {
  const uris = alternatives(asked, plainText);
  const numbers = asked.parameters.map(({ number }) => number);
  const known = async (texts: readonly string[]): Promise<Terms> => {
    const query = sql`select num from term where kind = ${TERM.uri} and value in (${list(texts.map(keyText))})`;
    const rows = await rowsFor(connection, query);
    return { numbers: rows.map(({ num }) => asNumber(num)), subqueries: [] };
  };
  const on = (terms: Terms) =>
    onValues(connection.words, 'token', numbers, (v): Sql => isTerm(`${v}.term`, terms), 15);
  switch (asked.modifier) {
    case undefined:
      return on(await known(uris));
    case 'below':
      return on({ numbers: [], subqueries: termsBeginning(TERM.uri, uris) });
    case 'above':
      return on(await known(allAbove(asked.name, uris)));
    default:
      throw unsupportedModifier(asked);
  }
}
