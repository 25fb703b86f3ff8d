import type { Row } from '../connection.ts';
import type { Sql } from './condition.ts';
import type { SearchContext } from './context.ts';

/** Runs one query of a search; what it visits beyond links is on the search's account. */
export async function rowsOf({ connection, budget }: SearchContext, query: Sql): Promise<Row[]> {
  const { sql, parameters } = query.compile(connection.kysely);
  return connection.all(sql, parameters.map(bound), (account) => budget.visit(account));
}

function bound(value: unknown): string | number | null {
  if (typeof value === 'string' || typeof value === 'number' || value === null) return value;
  throw new TypeError('A search binds texts and numbers only.');
}
