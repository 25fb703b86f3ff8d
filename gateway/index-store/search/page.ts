import { sql } from '../sql.ts';
import { asNumber, type Row } from '../connection.ts';
import type { StoredResource } from '../port.ts';
import { RESOURCE_COLUMNS, RESOURCE_JOINS, resourceOf } from '../rows.ts';
import { all, constant, constants, list, type DateRange, type Sql } from './condition.ts';
import { confinedTo, ofTypes, type SearchContext } from './context.ts';
import { after, orderBy, type Cursor, type KeyValue, type OrderColumn } from './cursor.ts';
import { ODD, SPANS } from '../write-values.ts';
import type { Plan } from './plan.ts';
import { rowsOf } from './run.ts';
import type { SortKey } from './sort.ts';

/** A search whose parameters have been resolved. */
export interface Prepared {
  types: readonly string[];
  /** Everything that a match must fulfil, the gate included, but for the snapshot. */
  matches: (r: string) => Sql;
  /** The same, without what the plan's rows fulfil already. */
  judged: (r: string) => Sql;
  plan: Plan;
  sort: readonly SortKey[];
  /** What it asks of dates. */
  ranges: readonly DateRange[];
  /** Number of the last block whose new resources the search shows. */
  block: number;
}

export interface Found {
  resource: StoredResource;
  patient: number;
  keys: KeyValue[];
}

const keyColumn = (at: number): string => `key${at}`;

function foundOf(row: Row, sort: readonly SortKey[]): Found {
  return {
    resource: resourceOf(row),
    patient: asNumber(row['at_patient']),
    keys: sort.map((_, at) => {
      const value = row[keyColumn(at)];
      return typeof value === 'string' || typeof value === 'number' ? value : null;
    }),
  };
}

/** Columns of the order: the sort keys and then the resource's number; unsorted, (patient, number). */
function order(
  sort: readonly SortKey[],
  alias: string,
  last: Cursor | undefined,
  walked = false,
): OrderColumn[] {
  const tail = { column: sql.ref(`${alias}.rid`), value: last?.rid ?? 0, nullable: false };
  if (sort.length === 0) {
    return [
      { column: sql.ref(`${alias}.patient`), descending: false, value: last?.patient ?? 0, nullable: false },
      { ...tail, descending: false },
    ];
  }
  const keys = sort.map(({ descending }, at) => ({
    column: sql.ref(`${alias}.${keyColumn(at)}`),
    descending,
    value: last?.keys[at] ?? null,
    nullable: !walked,
  }));
  return [...keys, { ...tail, descending: sort.at(-1)?.descending ?? false }];
}

const selected = (page: Sql, order: Sql): Sql => sql`with page as materialized (${page})
  select ${sql.raw(RESOURCE_COLUMNS)}, page.* from page join resource r on r.rid = page.rid
  ${sql.raw(RESOURCE_JOINS)} order by ${order}`;

const within = ({ types, matches, judged, block }: Prepared, r: string, begun = true): Sql =>
  all([ofTypes(r, types), sql`${sql.ref(`${r}.created`)} <= ${block}`, (begun ? judged : matches)(r)]);

async function run(context: SearchContext, query: Sql, sort: readonly SortKey[]): Promise<Found[]> {
  return (await rowsOf(context, query)).map((row) => foundOf(row, sort));
}

/** A page of at most `limit` in the default order, streamed from the plan's rows where they come in it. */
async function unsorted(
  context: SearchContext,
  search: Prepared,
  last: Cursor | undefined,
  limit: number,
): Promise<Found[]> {
  // The plan's rows carry the patient, so that an index on (..., patient, rid) gives the order.
  const columns = order([], 'begun', last);
  const page = sql`select begun.rid as rid, begun.patient as at_patient from (${search.plan.rows}) begun cross join resource m
    where m.rid = begun.rid ${last === undefined ? sql`` : sql`and ${after(columns)}`} and ${within(search, 'm')}
    order by ${orderBy(columns)} limit ${constant(limit)}`;
  return run(context, selected(page, sql`page.at_patient, page.rid`), []);
}

/** A page in the order of the sort keys, which are worked out for everything that matches. */
async function sorted(
  context: SearchContext,
  search: Prepared,
  last: Cursor | undefined,
  limit: number,
  also: (r: string) => Sql,
): Promise<Found[]> {
  const { sort } = search;
  const keys = sql.join(sort.map((key, at) => sql`${key.of('m')} as ${sql.ref(keyColumn(at))}`));
  const columns = order(sort, 'o', last);
  const page = sql`select * from (select m.rid as rid, m.patient as at_patient, ${keys}
      from (${search.plan.rows}) begun cross join resource m where m.rid = begun.rid and ${also('m')} and ${within(search, 'm')}) o
    where ${last === undefined ? sql`1 = 1` : after(columns)} order by ${orderBy(columns)} limit ${constant(limit)}`;
  return run(context, selected(page, orderBy(order(sort, 'page', undefined))), sort);
}

/**
 * A page of resources at their first or last value of a date, along the index of dates: where the search asks for a range
 * of these dates, along that range, and along the odd ones (write-values.ts), which may begin anywhere.
 */
function byDates(key: SortKey, search: Prepared, last: Cursor | undefined, limit: number): Sql {
  const numbers = key.parameters.map(({ number }) => number);
  const range = search.ranges.find(({ parameters }) => parameters.join() === numbers.join());
  if (range === undefined) return alongDates(key, search, last, limit, sql``);
  const longest = Math.max(...SPANS);
  const columns = order([key], 'both_kinds', undefined);
  const inRange = sql`and d.low between ${range.above - longest} and ${range.below}`;
  const ranged = alongDates(key, search, last, limit, inRange);
  // Few, and found by their own index, so not in the order of their times.
  const odd = alongDates(key, search, last, limit, sql`and d.odd = ${constant(ODD)} and d.odd > 0`, sql`+`);
  return sql`select * from (select * from (${ranged}) ranged union select * from (${odd}) odd) both_kinds
    order by ${orderBy(columns)} limit ${constant(limit)}`;
}

function alongDates(
  key: SortKey,
  search: Prepared,
  last: Cursor | undefined,
  limit: number,
  which: Sql,
  unordered = sql``,
): Sql {
  const { patients } = search.plan;
  const confined = patients === undefined ? sql`` : sql`and d.patient in (${list(patients)})`;
  const parameter = constants(key.parameters.map(({ number }) => number));
  const further = key.descending
    ? sql`(w.low > d.low or (w.low = d.low and w.high > d.high))`
    : sql`(w.low < d.low or (w.low = d.low and w.high < d.high))`;
  const columns = order([key], 'o', last, true);
  return sql`select o.rid, o.at_patient, o.key0 from (
      select d.rid as rid, d.patient as at_patient, ${unordered}d.low as key0 from date d
      where d.parameter = ${parameter} ${which} ${confined} and not exists (select 1 from date w
        where w.rid = d.rid and w.parameter = ${parameter} and ${further})) o
    cross join resource m where m.rid = o.rid ${last === undefined ? sql`` : sql`and ${after(columns)}`}
      and ${within(search, 'm', false)}
    order by ${orderBy(columns)} limit ${constant(limit)}`;
}

/** A page of resources along the index of their last updates. */
function byUpdates(key: SortKey, search: Prepared, last: Cursor | undefined, limit: number): Sql {
  const [own, ...tail] = order([key], 'd', last, true);
  const columns = own === undefined ? tail : [{ ...own, column: key.of('d') }, ...tail];
  return sql`select d.rid as rid, d.patient as at_patient, d.last_updated as key0 from resource d
    where ${within(search, 'd', false)} ${confinedTo(sql`d.patient`, search.plan.patients)}
      ${last === undefined ? sql`` : sql`and ${after(columns)}`}
    order by ${orderBy(columns)} limit ${constant(limit)}`;
}

/** A page by walking along the sort key's index; what has no key comes last. */
async function walked(
  context: SearchContext,
  search: Prepared,
  key: SortKey,
  last: Cursor | undefined,
  limit: number,
): Promise<Found[]> {
  const found: Found[] = [];
  if (last === undefined || last.keys[0] !== null) {
    const page = (key.walk === 'date' ? byDates : byUpdates)(key, search, last, limit);
    found.push(...(await run(context, selected(page, orderBy(order([key], 'page', undefined))), [key])));
  }
  if (found.length === limit || key.walk === 'lastUpdated') return found;
  const rest = last?.keys[0] === null ? last : undefined;
  const without = (r: string) => sql`${key.of(r)} is null`;
  return [...found, ...(await sorted(context, search, rest, limit - found.length, without))];
}

/** At most `limit` matches after `last`. */
export function pageOf(
  context: SearchContext,
  search: Prepared,
  last: Cursor | undefined,
  limit: number,
): Promise<Found[]> {
  const [key] = search.sort;
  if (key === undefined) return unsorted(context, search, last, limit);
  const single = search.sort.length === 1 && search.types.length === 1;
  if (single && key.walk !== undefined && search.plan.large) return walked(context, search, key, last, limit);
  return sorted(context, search, last, limit, () => sql`1 = 1`);
}

/** How many resources match in all. */
export async function countOf(context: SearchContext, search: Prepared): Promise<number> {
  const query = sql`select count(*) as total from (${search.plan.rows}) begun cross join resource m
    where m.rid = begun.rid and ${within(search, 'm')}`;
  const [row] = await rowsOf(context, query);
  return asNumber(row?.['total'] ?? 0);
}
