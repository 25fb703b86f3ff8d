import type { Span } from '@fhir-fabric-gateway/chaincode/api';
import { EARLIEST, LATEST, clampTime } from '../numbers.ts';
import { sql } from '../sql.ts';
import type { Sql } from './condition.ts';

/** Holds for the row of `resource` under the alias when its clinical date shares a moment with the span, or it has none. */
export function happenedIn(r: string, [from, to]: Span): Sql {
  const begins = sql.ref(`${r}.date_from`);
  const ends = sql.ref(`${r}.date_to`);
  return sql`(${begins} is null or (${begins} <= ${to === null ? LATEST : clampTime(to)}
    and ${ends} >= ${from === null ? EARLIEST : clampTime(from)}))`;
}
