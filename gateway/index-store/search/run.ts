import type { Row } from '../connection.ts';
import { rowsFor } from '../query.ts';
import type { Sql } from './condition.ts';
import type { SearchContext } from './context.ts';

/** Runs one query of a search; what it visits beyond links is on the search's account. */
export async function rowsOf({ connection, budget }: SearchContext, query: Sql): Promise<Row[]> {
  return rowsFor(connection, query, budget);
}
