import { sql } from './sql.ts';
import { mayRead } from '../consent/read-access.ts';
import type { ScopeFilter, Visibility } from '../consent/visibility.ts';
import type { Connection } from './connection.ts';
import { currentVersion, lastContent } from './history.ts';
import type { CodeSets } from './code-sets.ts';
import type { StoredResource } from './port.ts';
import { recordOf } from './records.ts';
import type { RuleReader } from './rules.ts';
import { openContext } from './search/context.ts';
import { rowsOf } from './search/run.ts';

const coversPlainly = (scope: ScopeFilter, resource: StoredResource): boolean =>
  (scope.type === '*' || scope.type === resource.type) &&
  (scope.onlyPatient === undefined || resource.home !== 'patient' || resource.patient === scope.onlyPatient);

const granular = (scope: ScopeFilter): boolean => scope.query !== undefined && scope.query.length > 0;

/** The gate for one resource. visibility-sql.ts is the gate for many. */
export class SingleGate {
  readonly #connection: Connection;
  readonly #rules: RuleReader;
  readonly #fhirBase: string | undefined;
  readonly #codes: CodeSets | undefined;
  constructor(
    connection: Connection,
    rules: RuleReader,
    fhirBase: string | undefined,
    codes: CodeSets | undefined,
  ) {
    this.#connection = connection;
    this.#rules = rules;
    this.#fhirBase = fhirBase;
    this.#codes = codes;
  }

  /**
   * Whether the caller may see a version: it and the current one must pass. For a tombstone stands the last version that
   * had content. A granular scope (`?category=...`) covers only the current version, whose values are in the index.
   */
  async sees(visibility: Visibility, resource: StoredResource): Promise<boolean> {
    const current = await currentVersion(this.#connection, resource.type, resource.id);
    return current !== undefined && this.#seesBeside(current, visibility, resource);
  }

  /** The current version, and whether the caller may see it; undefined when there is none. */
  async seen(
    visibility: Visibility,
    type: string,
    id: string,
  ): Promise<{ resource: StoredResource; seen: boolean } | undefined> {
    const resource = await currentVersion(this.#connection, type, id);
    return resource && { resource, seen: await this.#seesBeside(resource, visibility, resource) };
  }

  async #seesBeside(
    current: StoredResource,
    visibility: Visibility,
    resource: StoredResource,
  ): Promise<boolean> {
    const standing = current.deleted ? await lastContent(this.#connection, current.rid) : current;
    if (standing === undefined) return false;
    const shown = resource.deleted || resource.version === standing.version ? standing : resource;
    if (shown !== standing && !(await this.#passes(visibility, shown, false))) return false;
    return this.#passes(visibility, standing, !current.deleted && shown === standing);
  }

  async #passes(visibility: Visibility, resource: StoredResource, indexed: boolean): Promise<boolean> {
    const covering = visibility.scopes.filter((scope) => coversPlainly(scope, resource));
    if (covering.length === 0) return false;
    const plain = covering.filter((scope) => !granular(scope));
    const needsQuery = plain.length === 0;
    if (needsQuery && !indexed) return false;
    const attached = resource.home === 'attached';
    // Whose resources refer to it decides, where the scopes are confined to a patient.
    const needsIndex = attached && plain.every(({ onlyPatient }) => onlyPatient !== undefined);
    const seen = await this.#mayRead(visibility, resource);
    if (seen && !needsQuery && !needsIndex) return true;
    const scopes = indexed ? visibility.scopes : plain;
    return seen || attached ? this.#inIndex({ ...visibility, scopes }, resource) : false;
  }

  async #mayRead(visibility: Visibility, resource: StoredResource): Promise<boolean> {
    const { principal, now } = visibility;
    const { role, person, organization } = principal.requester;
    const inRecord = resource.home === 'patient' && resource.patient !== undefined;
    const granted = inRecord && role !== 'patient' && role !== 'hr' && role !== 'researcher';
    const grantees = [person, organization].filter((grantee) => grantee !== undefined);
    const rules = granted
      ? await this.#rules.of(resource.patient ?? '', grantees)
      : { grants: [], privacy: [] };
    const record =
      inRecord && role === 'hr' ? await recordOf(this.#connection, resource.patient ?? '') : undefined;
    return mayRead(principal, now, resource, rules, record?.home);
  }

  /** What only the index knows: who refers to an attached resource, and what a granular scope searches for. */
  async #inIndex(visibility: Visibility, resource: StoredResource): Promise<boolean> {
    const context = await openContext(this.#connection, visibility, this.#fhirBase, this.#codes);
    const gate = await context.gate([resource.type]);
    const query = sql`select 1 as seen from resource r where r.rid = ${resource.rid} and ${gate('r')}`;
    return (await rowsOf(context, query)).length > 0;
  }
}
