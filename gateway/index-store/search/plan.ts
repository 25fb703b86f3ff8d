import { GRANTEE_ROLES, typeRow } from '@fhir-fabric-gateway/chaincode/api';
import { sql } from '../sql.ts';
import { asNumber } from '../connection.ts';
import { typeNumber } from '../numbers.ts';
import { rowsFor } from '../query.ts';
import { constant, list, type Condition, type Sql } from './condition.ts';
import { confinedTo, confinement, type SearchContext } from './context.ts';
import { rowsOf } from './run.ts';

/** How many rows are counted before a beginning is taken to be large. */
const LARGE = 1000;
/** A beginning of fewer rows is taken without looking for a better one. */
const SMALL = 60;
/** How many rows of each are counted where all beginnings are large: so many are gathered in some 20 ms. */
const GATHERED = 20_000;
/** A reader with grants of no more patients than this is searched for patient by patient. */
const FEW_PATIENTS = 60;

/** Where a search begins. */
export interface Plan {
  /** Subquery `select rid, patient`, each resource once at most. */
  rows: Sql;
  /** The same, each resource perhaps several times: it can be counted as far as needed, and no further. */
  every: Sql;
  /** Whether the rows come in the default order when read from its index: no sorting. */
  ordered: boolean;
  large: boolean;
  /** The condition that the rows fulfil already. */
  begun?: Condition;
  /** Patients to whom everything that can match belongs; 0 stands for what is in no record. */
  patients: readonly number[] | undefined;
}

const inRecords = (types: readonly string[]): boolean =>
  types.every((type) => typeRow(type)?.homes.every((home) => home === 'patient') ?? false);

/** The patients of whom the caller can see anything, when they are few. */
async function readablePatients(
  context: SearchContext,
  types: readonly string[],
): Promise<number[] | undefined> {
  const { concerns, visibility, connection } = context;
  const confined = await confinement(context);
  if (confined !== undefined) return confined;
  const { role } = visibility.principal.requester;
  if (role === 'patient') return [concerns.ownPatient];
  // The author of a Consent sees it without a grant.
  if (!GRANTEE_ROLES.includes(role) || types.includes('Consent')) return undefined;
  const first = FEW_PATIENTS + 1;
  const query = sql`select patient from
    (select distinct patient from consent_rule where grantee in (${list(concerns.grantees)}) limit ${constant(first)}) granted
    ${concerns.privacy.length > 0 ? sql`union select patient from (select distinct patient from privacy_rule limit ${constant(first)}) opened` : sql``}`;
  const rows = await rowsFor(connection, query);
  return rows.length > FEW_PATIENTS ? undefined : rows.map(({ patient }) => asNumber(patient));
}

async function countUpTo(context: SearchContext, rows: Sql, most = LARGE): Promise<number> {
  const query = sql`select count(*) as n from (select 1 as one from (${rows}) begun limit ${constant(most)}) counted`;
  const [row] = await rowsOf(context, query);
  return asNumber(row?.['n'] ?? 0);
}

function patientsOf(
  conditions: readonly Condition[],
  compartment: number | undefined,
  readable: readonly number[] | undefined,
  types: readonly string[],
): readonly number[] | undefined {
  if (compartment !== undefined) return [compartment];
  const pinned = conditions.map((condition) => condition.patients).find((patients) => patients !== undefined);
  if (pinned !== undefined) return pinned;
  return readable === undefined ? undefined : inRecords(types) ? readable : [0, ...readable];
}

/**
 * Chooses where a search begins: at the parameter with the fewest resources, counted up to a bound, among one patient's
 * where the search is confined to one. `pageOnly`: what is asked for is one page in the default order, and no total.
 */
export async function planFor(
  context: SearchContext,
  types: readonly string[],
  conditions: readonly Condition[],
  compartment: number | undefined,
  pageOnly = false,
): Promise<Plan> {
  const patients = patientsOf(conditions, compartment, await readablePatients(context, types), types);
  const everything = sql`select v.rid, v.patient from resource v
      where v.type in (${sql.raw(types.map(typeNumber).join(', '))}) ${confinedTo(sql`v.patient`, patients)}`;
  const whole: Plan = {
    rows: everything,
    every: everything,
    ordered: types.length === 1 && (patients === undefined || patients.length === 1),
    large: true,
    patients,
  };
  const beginnings = conditions
    .filter((condition) => condition.rows !== undefined)
    .sort((a, b) => a.rank - b.rank)
    .map((condition): Plan => {
      const rows = condition.rows?.(patients) ?? whole.rows;
      const ordered = condition.ordered === true && (patients === undefined || patients.length === 1);
      return {
        rows: condition.ordered === true ? rows : sql`select distinct rid, patient from (${rows}) every_row`,
        every: rows,
        ordered,
        large: false,
        patients,
        ...(condition.exact === true && { begun: condition }),
      };
    });
  if (patients !== undefined) beginnings.push({ ...whole, large: false });
  let best: { plan: Plan; count: number } | undefined;
  for (const plan of beginnings) {
    const count = await countUpTo(context, plan.every);
    if (best === undefined || count < best.count) best = { plan, count };
    if (best.count <= SMALL) break;
  }
  if (best === undefined) return whole;
  if (best.count < LARGE) return { ...best.plan, large: false };
  const chosen = await amongLarge(context, beginnings, best.plan);
  const common = pageOnly && whole.ordered && chosen.begun?.gathered === true;
  // What nearly everything has is met soon in the default order, and would take long to gather.
  if (common && (await countUpTo(context, chosen.every, GATHERED)) === GATHERED) return whole;
  return { ...chosen, large: true };
}

/**
 * Of beginnings that are all large the smallest, counted further, since what it takes is bounded by its rows; where all
 * are larger than that, the first that comes in the default order: of it a page is read, unless few of its rows match.
 */
async function amongLarge(context: SearchContext, beginnings: readonly Plan[], first: Plan): Promise<Plan> {
  if (beginnings.length === 1) return first;
  let best = { plan: beginnings.find(({ ordered }) => ordered) ?? first, count: GATHERED };
  for (const plan of beginnings) {
    const count = await countUpTo(context, plan.every, GATHERED);
    if (count < best.count) best = { plan, count };
  }
  return best.plan;
}
