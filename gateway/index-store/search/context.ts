import { RESOURCE_TYPES } from '@fhir-fabric-gateway/chaincode/api';
import { sql } from 'kysely';
import { concernsOf, nameNumber, type Concerns } from '../../consent/concerns.ts';
import type { ScopeFilter, Visibility } from '../../consent/visibility.ts';
import { visibilitySql } from '../../consent/visibility-sql.ts';
import type { Connection } from '../connection.ts';
import { STATE, homeNumber, typeNumber } from '../numbers.ts';
import { all, either, list, type Condition, type Sql } from './condition.ts';
import { parameterCondition } from './parameter.ts';

/** What one search works with. Chains and inclusions ask it for the gate at every hop. */
export interface SearchContext {
  connection: Connection;
  visibility: Visibility;
  concerns: Concerns;
  /** Numbers of the patients to whom every scope is confined. */
  confined: readonly number[] | undefined;
  /** The server's own base, under which absolute references are relative ones. */
  fhirBase: string | undefined;
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

async function scopeCondition(
  context: SearchContext,
  scope: ScopeFilter,
  types: readonly string[],
): Promise<((r: string) => Sql) | undefined> {
  const covered = scope.type === '*' ? types : types.filter((type) => type === scope.type);
  const patient =
    scope.onlyPatient === undefined
      ? undefined
      : await nameNumber(context.connection, `Patient/${scope.onlyPatient}`);
  const parts: ((r: string) => Sql)[] = [];
  if (covered.length < types.length) parts.push((r) => ofTypes(r, covered));
  if (patient !== undefined) {
    parts.push(
      (r) =>
        sql`(${sql.ref(`${r}.home`)} <> ${sql.raw(String(homeNumber('patient')))} or ${sql.ref(`${r}.patient`)} = ${patient})`,
    );
  }
  if (scope.query !== undefined && scope.query.length > 0) {
    const byType: ((r: string) => Sql)[] = [];
    for (const type of covered) {
      const conditions: Condition[] = [];
      try {
        for (const [name, value] of scope.query)
          conditions.push(await parameterCondition(ungranular(context), [type], name, value));
      } catch {
        // A scope that asks for what the type does not have covers nothing of it.
        continue;
      }
      byType.push(
        (r) => sql`(${ofTypes(r, [type])} and ${all(conditions.map((condition) => condition.holds(r)))})`,
      );
    }
    parts.push((r) => either(byType.map((part) => part(r))));
  }
  if (covered.length === 0) return () => sql`1 = 0`;
  return parts.length === 0 ? undefined : (r) => sql`(${all(parts.map((part) => part(r)))})`;
}

/** The same without the scopes' own search parameters, which must not be judged by themselves. */
function ungranular(context: SearchContext): SearchContext {
  const scopes = context.visibility.scopes.map(({ query: _, ...scope }) => scope);
  return makeContext({ ...context, visibility: { ...context.visibility, scopes } });
}

async function scopesCondition(
  context: SearchContext,
  types: readonly string[],
): Promise<((r: string) => Sql) | undefined> {
  const parts: ((r: string) => Sql)[] = [];
  for (const scope of context.visibility.scopes) {
    const part = await scopeCondition(context, scope, types);
    if (part === undefined) return undefined;
    parts.push(part);
  }
  return (r) => either(parts.map((part) => part(r)));
}

function makeContext(base: Omit<SearchContext, 'gate'>): SearchContext {
  const context: SearchContext = {
    ...base,
    async gate(types, inRecords) {
      const scopes = await scopesCondition(context, types);
      return (r) =>
        all([
          sql`${sql.ref(`${r}.state`)} = ${sql.raw(String(STATE.live))}`,
          ...(scopes === undefined ? [] : [scopes(r)]),
          sql`(${visibilitySql(context.visibility, context.concerns, r, types, context.confined, inRecords)})`,
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
): Promise<SearchContext> {
  const only = visibility.scopes.map((scope) => scope.onlyPatient);
  let confined: number[] | undefined;
  if (only.every((patient) => patient !== undefined)) {
    confined = [];
    for (const patient of new Set(only)) confined.push(await nameNumber(connection, `Patient/${patient}`));
  }
  let aliases = 0;
  return makeContext({
    connection,
    visibility,
    concerns: await concernsOf(connection, visibility),
    confined,
    fhirBase,
    alias: () => `x${++aliases}`,
  });
}

export const confinedTo = (column: Sql, patients: readonly number[] | undefined): Sql =>
  patients === undefined ? sql`` : sql`and ${column} in (${list(patients)})`;
