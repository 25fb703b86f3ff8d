import {
  DummyDriver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type RawBuilder,
} from 'kysely';
import type { Connection, Row, SqlValue, VisitCounter } from './connection.ts';

/** Only puts queries into text, with `?` for their values, which is how a Connection takes them. */
const compiler = new Kysely<unknown>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (database) => new SqliteIntrospector(database),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

/** Runs a query that was put together at run time. */
export function rowsFor(
  connection: Connection,
  query: RawBuilder<unknown>,
  visits?: VisitCounter,
): Row[] | Promise<Row[]> {
  const { sql, parameters } = query.compile(compiler);
  return connection.all(sql, parameters.map(bound), visits);
}

function bound(value: unknown): SqlValue {
  if (typeof value === 'string' || typeof value === 'number' || value === null) return value;
  throw new TypeError('A query binds texts and numbers only.');
}
