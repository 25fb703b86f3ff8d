import { RESOURCE_TYPES } from '@fhir-fabric-gateway/chaincode/api';
import { sql } from '../sql.ts';
import { nameNumber } from '../../consent/concerns.ts';
import { badRequest } from '../../fhir/errors.ts';
import type { CodeSets } from '../code-sets.ts';
import type { ReadConnection } from '../connection.ts';
import { positionOf } from '../position.ts';
import { StatementTooLarge } from '../too-large.ts';
import { typeNumber } from '../numbers.ts';
import type { SearchRequest, SearchResult } from '../port.ts';
import { TooCostly } from './budget.ts';
import { compartmentCondition, typesIn } from './compartment.ts';
import { UnknownParameter, all, type Condition, type Sql } from './condition.ts';
import { alongside, openContext, type SearchContext } from './context.ts';
import { happenedIn } from './clinical-date.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { mergeRanges } from './date.ts';
import { included, inclusionsAsked, parseInclusion } from './include.ts';
import { countOf, pageOf, type Prepared } from './page.ts';
import { parameterCondition } from './parameter.ts';
import { planFor } from './plan.ts';
import { sortKey, type SortKey } from './sort.ts';

/** Parameters of more than this many take longer to plan than to answer. */
const MOST_PARAMETERS = 40;

interface Resolved {
  conditions: Condition[];
  sort: SortKey[];
  used: [string, string][];
  ignored: string[];
}

/** Leaves out what is not known when handling is lenient; throws it otherwise. */
async function known<T>(
  request: SearchRequest,
  ignored: string[],
  name: string,
  resolve: () => T | Promise<T>,
): Promise<T[]> {
  try {
    return [await resolve()];
  } catch (error) {
    if (!(error instanceof UnknownParameter) || !request.lenient) throw error;
    ignored.push(name);
    return [];
  }
}

async function resolved(
  context: SearchContext,
  request: SearchRequest,
  types: readonly string[],
): Promise<Resolved> {
  if (request.parameters.length > MOST_PARAMETERS)
    throw new TooCostly(undefined, `A search has at most ${MOST_PARAMETERS} parameters.`);
  const result: Resolved = { conditions: [], sort: [], used: [], ignored: [] };
  for (const [name, value] of request.parameters) {
    if (name === '_type') {
      result.used.push([name, value]);
      continue;
    }
    context.budget.charge(name);
    const found = await known(request, result.ignored, name, () =>
      parameterCondition(context, types, name, value),
    );
    if (found.length > 0) result.used.push([name, value]);
    result.conditions.push(...found);
  }
  context.budget.charge(undefined);
  for (const { code, descending } of request.sort) {
    result.sort.push(
      ...(await known(request, result.ignored, '_sort', () => sortKey(types, code, descending))),
    );
  }
  return result;
}

/**
 * Answers a search. Everything it says (matches, total, inclusions) has passed the gate. Throws FhirError 400 for
 * parameters that are unknown (unless lenient), malformed, or too costly. https://hl7.org/fhir/R4/search.html
 */
export async function searchIn(
  connection: ReadConnection,
  request: SearchRequest,
  fhirBase: string | undefined,
  codes?: CodeSets,
): Promise<SearchResult> {
  return connection.snapshot(async (view) => {
    const context = await openContext(view, request.visibility, fhirBase, codes);
    try {
      return await answered(context, request);
    } catch (error) {
      if (!(error instanceof StatementTooLarge)) throw error;
      throw new TooCostly(
        context.budget.costliest(),
        'The search asks for more than can be looked for at once.',
      );
    }
  });
}

async function answered(context: SearchContext, request: SearchRequest): Promise<SearchResult> {
  const { connection } = context;
  const asked = request.types.length === 0 ? RESOURCE_TYPES : [...new Set(request.types)];
  const unknown = asked.find((type) => typeNumber(type) === 0);
  if (unknown !== undefined) throw badRequest(`${unknown} is no resource type of R4.`);
  const { compartment: within } = request;
  const others = within !== undefined && within.type !== 'Patient' ? within : undefined;
  const types = others === undefined ? asked : typesIn(others.type, asked);
  const { sort, used, ignored, ...parts } = await resolved(context, request, types);
  const conditions = [
    ...mergeRanges(parts.conditions),
    ...(others === undefined ? [] : [await compartmentCondition(context, types, others)]),
  ];
  const inclusions = (
    await Promise.all(
      inclusionsAsked(request).map((asked) =>
        known(request, ignored, asked.reverse ? '_revinclude' : '_include', () => parseInclusion(asked)),
      ),
    )
  ).flat();
  const last = request.after === undefined ? undefined : decodeCursor(request.after, sort.length);

  const compartment =
    within?.type === 'Patient' ? await nameNumber(connection, `Patient/${within.id}`) : undefined;
  const pageOnly = request.total === 'none' && sort.length === 0;
  const plan = await planFor(context, types, conditions, compartment, pageOnly);
  const gate = await context.gate(types, plan.patients !== undefined && !plan.patients.includes(0));
  const { clinicalDate } = request;
  const inCompartment = (r: string): Sql[] => [
    ...(compartment === undefined ? [] : [sql`${sql.ref(`${r}.patient`)} = ${compartment}`]),
    ...(clinicalDate === undefined ? [] : [happenedIn(r, clinicalDate)]),
  ];
  const search: Prepared = {
    types,
    matches: (r) => all([...inCompartment(r), ...conditions.map((condition) => condition.holds(r)), gate(r)]),
    judged: (r) =>
      all([
        ...inCompartment(r),
        ...conditions.filter((condition) => condition !== plan.begun).map((condition) => condition.holds(r)),
        gate(r),
      ]),
    plan,
    sort,
    ranges: conditions.flatMap(({ range }) => range ?? []),
    block: last?.block ?? (await positionOf(connection)),
  };
  const total = request.total === 'none' ? undefined : await countOf(context, search);
  if (request.count === 0)
    return { matches: [], included: [], ...(total !== undefined && { total }), used, ignored };
  const found = await pageOf(context, search, last, request.count + 1);
  const page = found.slice(0, request.count);
  const matches = page.map(({ resource }) => resource);
  const end = page.at(-1);
  const along =
    inclusions.length === 0
      ? { resources: [], truncated: [] }
      : await included(alongside(context), inclusions, matches);
  return {
    matches,
    included: along.resources,
    ...(along.truncated.length > 0 && { truncated: along.truncated }),
    ...(total !== undefined && { total }),
    ...(found.length > request.count &&
      end && {
        after: encodeCursor({
          block: search.block,
          keys: end.keys,
          patient: end.patient,
          rid: end.resource.rid,
        }),
      }),
    used,
    ignored,
  };
}
