import { RESOURCE_TYPES } from '@fhir-fabric-gateway/chaincode/api';
import { sql } from '../sql.ts';
import { concernsOf, nameNumber, type Concerns } from '../../consent/concerns.ts';
import { coversType, type ScopeFilter, type Visibility } from '../../consent/visibility.ts';
import { visibilitySql, type Reach } from '../../consent/visibility-sql.ts';
import type { CodeSets } from '../code-sets.ts';
import type { Connection } from '../connection.ts';
import { STATE, homeNumber, typeNumber } from '../numbers.ts';
import { all, either, list, type Condition, type Sql } from './condition.ts';
import { Budget, TooCostly } from './budget.ts';
import { parameterCondition } from './parameter.ts';

/** What one search works with. Chains and inclusions ask it for the gate at every hop. */
export interface SearchContext {
  connection: Connection;
  visibility: Visibility;
  concerns: Concerns;
  /** The server's own base, under which absolute references are relative ones. */
  fhirBase: string | undefined;
  codes: CodeSets | undefined;
  /** What the search has cost so far. */
  budget: Budget;
  /** A fresh alias. */
  alias(): string;
  /**
   * The gate: live rows of the types that role, grants and scopes let the caller see. `inRecords`: the rows are of
   * patients' records only.
   */
  gate(types: readonly string[], inRecords?: boolean): Promise<(r: string) => Sql>;
}

/** Whether a type's rows can be outside patients' records. */
export const ofTypes = (r: string, types: readonly string[]): Sql =>
  types.length === RESOURCE_TYPES.length
    ? sql`1 = 1`
    : sql`${sql.ref(`${r}.type`)} in (${sql.raw(types.map(typeNumber).join(', ') || 'null')})`;

/** A scope's condition on rows of the types, but for the patient to whom it is confined; undefined when it has none. */
async function scopeCondition(
  context: SearchContext,
  scope: ScopeFilter,
  types: readonly string[],
): Promise<((r: string) => Sql) | undefined> {
  const covered = scope.type === '*' ? types : types.filter((type) => type === scope.type);
  const { query } = scope;
  if (query === undefined || query.length === 0)
    return covered.length < types.length ? (r) => ofTypes(r, covered) : undefined;
  const byType: ((r: string) => Sql)[] = [];
  for (const type of covered) {
    const conditions: Condition[] = [];
    try {
      for (const [name, value] of query)
        conditions.push(await parameterCondition(ungranular(context), [type], name, value));
    } catch (error) {
      if (error instanceof TooCostly) throw error;
      // A scope that asks for what the type does not have covers nothing of it.
      continue;
    }
    byType.push((r) => sql`(${ofTypes(r, [type])} and ${all(conditions.map(({ holds }) => holds(r)))})`);
  }
  return (r) => either(byType.map((part) => part(r)));
}

/** The same without the scopes' own search parameters, which must not be judged by themselves. */
function ungranular(context: SearchContext): SearchContext {
  const scopes = context.visibility.scopes.map(({ query: _, ...scope }) => scope);
  return makeContext({ ...context, visibility: { ...context.visibility, scopes } });
}

/** The scopes that are confined to one patient, or to none, as conditions: of several, one must hold. */
async function reachOf(
  context: SearchContext,
  scopes: readonly ScopeFilter[],
  types: readonly string[],
): Promise<Reach> {
  const [first] = scopes;
  const patient =
    first?.onlyPatient === undefined
      ? undefined
      : await nameNumber(context.connection, `Patient/${first.onlyPatient}`);
  const parts: (((r: string) => Sql) | undefined)[] = [];
  for (const scope of scopes) parts.push(await scopeCondition(context, scope, types));
  const conditions: ((r: string) => Sql)[] = [];
  if (patient !== undefined) {
    conditions.push(
      (r) =>
        sql`(${sql.ref(`${r}.home`)} <> ${sql.raw(String(homeNumber('patient')))} or ${sql.ref(`${r}.patient`)} = ${patient})`,
    );
  }
  if (!parts.includes(undefined)) conditions.push((r) => either(parts.flatMap((part) => part?.(r) ?? [])));
  return {
    ...(conditions.length > 0 && { covers: (r) => all(conditions.map((condition) => condition(r))) }),
    ...(patient !== undefined && { patient }),
  };
}

/** What the scopes that cover something of the types reach, those with the same confinement together. */
async function reachesOf(context: SearchContext, types: readonly string[]): Promise<Reach[]> {
  const byPatient = new Map<string | undefined, ScopeFilter[]>();
  for (const scope of context.visibility.scopes) {
    if (!types.some((type) => coversType([scope], type))) continue;
    byPatient.set(scope.onlyPatient, [...(byPatient.get(scope.onlyPatient) ?? []), scope]);
  }
  const reaches: Reach[] = [];
  for (const scopes of byPatient.values()) reaches.push(await reachOf(context, scopes, types));
  return reaches;
}

function makeContext(base: Omit<SearchContext, 'gate'>): SearchContext {
  // A search asks for the same types' gate at many places.
  const reached = new Map<string, Promise<Reach[]>>();
  const reachesOnce = (types: readonly string[]): Promise<Reach[]> => {
    const key = types.join();
    const reaches = reached.get(key) ?? reachesOf(context, types);
    reached.set(key, reaches);
    return reaches;
  };
  const context: SearchContext = {
    ...base,
    async gate(types, inRecords) {
      const reaches = await reachesOnce(types);
      const covered = reaches.map(({ covers }) => covers);
      return (r) =>
        all([
          sql`${sql.ref(`${r}.state`)} = ${sql.raw(String(STATE.live))}`,
          ...(covered.includes(undefined) ? [] : [either(covered.flatMap((covers) => covers?.(r) ?? []))]),
          sql`(${visibilitySql(context.connection.words, context.visibility, context.concerns, r, types, reaches, inRecords)})`,
        ]);
    },
  };
  return context;
}

/** Looks up what concerns the requester, once a request. */
export async function openContext(
  connection: Connection,
  visibility: Visibility,
  fhirBase: string | undefined,
  codes?: CodeSets,
): Promise<SearchContext> {
  let aliases = 0;
  return makeContext({
    connection,
    visibility,
    concerns: await concernsOf(connection, visibility),
    fhirBase,
    codes,
    budget: new Budget(),
    alias: () => `x${++aliases}`,
  });
}

/** For what comes along with matches: the gate then asks the scopes that cover reading. */
export function alongside(context: SearchContext): SearchContext {
  const { scopes, includeScopes = scopes, ...visibility } = context.visibility;
  return makeContext({ ...context, visibility: { ...visibility, scopes: includeScopes } });
}

/** Numbers of the patients to whom every scope is confined; undefined when some scope isn't. */
export async function confinement({ connection, visibility }: SearchContext): Promise<number[] | undefined> {
  const numbers: number[] = [];
  for (const patient of new Set(visibility.scopes.map(({ onlyPatient }) => onlyPatient))) {
    if (patient === undefined) return undefined;
    numbers.push(await nameNumber(connection, `Patient/${patient}`));
  }
  return numbers;
}

export const confinedTo = (column: Sql, patients: readonly number[] | undefined): Sql =>
  patients === undefined ? sql`` : sql`and ${column} in (${list(patients)})`;
