import { parseDate } from '@fhir-fabric-gateway/mappings';
import { sql } from '../sql.ts';
import { asNumber } from '../connection.ts';
import { typeNumber } from '../numbers.ts';
import { rowsFor } from '../query.ts';
import { constants, either, list, unsupportedModifier, type Condition } from './condition.ts';
import { confinedTo, ofTypes, type SearchContext } from './context.ts';
import { dateMatches } from './date.ts';
import { alternatives, plainText } from './values.ts';

interface OwnAsked {
  name: string;
  modifier: string | undefined;
  value: string;
}

const unsupported = (asked: OwnAsked) => unsupportedModifier({ ...asked, parameters: [] });

/** `_id`: the logical id, of every type that is searched. */
export async function idCondition(
  context: SearchContext,
  types: readonly string[],
  asked: OwnAsked,
): Promise<Condition> {
  if (asked.modifier !== undefined && asked.modifier !== 'not') throw unsupported(asked);
  const ids = alternatives(asked, plainText);
  const query = sql`select num from name where type in (${constants(types.map(typeNumber))}) and id in (${list(ids)})`;
  const found = (await rowsFor(context.connection, query)).map(({ num }) => asNumber(num));
  if (asked.modifier === 'not') {
    return {
      rank: 90,
      holds: (r) => sql`${sql.ref(`${r}.rid`)} not in (${list(found.length === 0 ? [-1] : found)})`,
    };
  }
  return {
    rank: 0,
    holds: (r) => sql`${sql.ref(`${r}.rid`)} in (${list(found)})`,
    rows: (patients) =>
      sql`select v.rid, v.patient from resource v where v.rid in (${list(found)}) ${confinedTo(sql`v.patient`, patients)}`,
  };
}

/** `_lastUpdated`: the instant of the current version. */
export function lastUpdatedCondition(
  context: SearchContext,
  types: readonly string[],
  asked: OwnAsked,
): Condition {
  if (asked.modifier !== undefined) throw unsupported(asked);
  const values = alternatives(asked, parseDate);
  const matches = (v: string) => {
    const column = sql.ref(`${v}.last_updated`);
    return either(values.map((value) => dateMatches(value, column, column, context.visibility.now)));
  };
  return {
    rank: 45,
    holds: matches,
    rows: (patients) =>
      sql`select v.rid, v.patient from resource v where ${ofTypes('v', types)} and ${matches('v')} ${confinedTo(sql`v.patient`, patients)}`,
  };
}
