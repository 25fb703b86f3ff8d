import type { Connection, Row, SqlValue, VisitCounter } from './connection.ts';
import type { Sql } from './sql.ts';

/** Runs a query that was put together at run time. */
export const rowsFor = (connection: Connection, query: Sql, visits?: VisitCounter): Row[] | Promise<Row[]> =>
  // What `sql` takes besides pieces are such values.
  connection.all(query.sql, query.values as SqlValue[], visits);
