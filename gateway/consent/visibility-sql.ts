import { GRANTEE_ROLES, RESOURCE_TYPES, typeRow, type Home } from '@fhir-fabric-gateway/chaincode/api';
import { sql, type Sql } from '../index-store/sql.ts';
import type { DialectWords } from '../index-store/connection.ts';
import { STATE, homeNumber, sectionNumber, typeNumber } from '../index-store/numbers.ts';
import type { Concerns, KeptRule } from './concerns.ts';
import { PERSONAL_TYPES } from './read-access.ts';
import { VERDICT, facetColumns, literal, verdictSql, type FacetColumns } from './verdict-sql.ts';
import type { Visibility } from './visibility.ts';

type Condition = Sql;

const ALWAYS = sql`1 = 1`;
export const NEVER = sql`1 = 0`;
const list = (values: readonly number[]) => sql.raw(values.join(', ') || 'null');
const values = (numbers: readonly number[]) => (numbers.length === 0 ? sql`null` : sql.join([...numbers]));
const either = (parts: readonly Condition[]): Condition =>
  parts.length === 0 ? NEVER : sql`(${sql.join([...parts], ' or ')})`;

const keptHere = (rule: KeptRule): Condition =>
  either(
    [...rule.kept].map(([grantee, shapes]) => sql`(g.grantee = ${grantee} and g.shape in (${list(shapes)}))`),
  );

/**
 * What the rules together say of a facet. A rule that came in force after they were read is taken as a deny: it may be
 * one.
 */
function said(
  words: DialectWords,
  rules: readonly KeptRule[],
  columns: FacetColumns,
  kept: (rule: KeptRule) => Condition,
): Sql {
  if (rules.length === 0) return sql`max(${literal(VERDICT.deny)})`;
  const cases = rules.map(
    (rule) =>
      sql`when ${kept(rule)} then ${rule.folded === undefined ? literal(VERDICT.none) : verdictSql(words, rule.folded, columns)}`,
  );
  return sql`max(case ${sql.join(cases, ' ')} else ${literal(VERDICT.deny)} end)`;
}

const isAttached = (r: string): Condition =>
  sql`${sql.ref(`${r}.home`)} = ${literal(homeNumber('attached'))}`;
const isNotAttached = (r: string): Condition => sql`not (${isAttached(r)})`;

/** Whether a live resource for which `then` holds refers to `target` in a reference that the target's owner made. */
const referredToBy = (
  words: DialectWords,
  target: string,
  reference: string,
  from: string,
  then: Condition,
): Condition =>
  sql`exists (select 1 from reference ${sql.ref(reference)} join resource ${sql.ref(from)}
      on ${sql.ref(`${from}.rid`)} = ${sql.ref(`${reference}.rid`)}
    where ${words.same(sql.ref(`${reference}.target`), sql.ref(`${target}.rid`))}
      and ${sql.ref(`${reference}.organisation`)} = ${sql.ref(`${target}.organisation`)}
      and ${sql.ref(`${from}.state`)} = ${literal(STATE.live)} and ${then})`;

/** What scopes with one confinement reach. */
export interface Reach {
  /** Rows that one of the scopes covers; absent when they cover all of the types searched. */
  covers?: (r: string) => Condition;
  /** Number of the patient to whom the scopes are confined. */
  patient?: number;
}

/** Conditions on `resource` rows for one request: role, grants and what is not private; of scopes only the patient. */
class Gate {
  readonly #words: DialectWords;
  readonly #visibility: Visibility;
  readonly #concerns: Concerns;
  constructor(words: DialectWords, visibility: Visibility, concerns: Concerns) {
    this.#words = words;
    this.#visibility = visibility;
    this.#concerns = concerns;
  }

  #inTime(): Condition {
    const { now } = this.#visibility;
    return sql`g.period_from <= ${now} and g.period_to >= ${now}`;
  }

  #inForce(patient: Condition): Condition {
    return sql`g.patient = ${patient} and ${this.#inTime()}`;
  }

  #granted(columns: FacetColumns, patient: Condition): Sql {
    const { grants, grantees } = this.#concerns;
    return sql`coalesce((select ${said(this.#words, grants, columns, keptHere)} from consent_rule g
      where ${this.#inForce(patient)} and g.grantee in (${values(grantees)})), 0)`;
  }

  #notPrivate(columns: FacetColumns, patient: Condition): Sql {
    const { privacy } = this.#concerns;
    if (privacy.length === 0) return literal(VERDICT.none);
    const kept = (rule: KeptRule) => sql`g.shape in (${list([...rule.kept.values()].flat())})`;
    return sql`coalesce((select ${said(this.#words, privacy, columns, kept)} from privacy_rule g
      where ${this.#inForce(patient)}), 0)`;
  }

  #permitInForce(patient: Condition): Condition {
    const permits = this.#concerns.grants.filter((rule) => rule.permitsSomething);
    if (permits.length === 0) return NEVER;
    return sql`exists (select 1 from consent_rule g where ${this.#words.same(sql.ref('g.patient'), patient)}
      and ${this.#inTime()} and g.grantee in (${values(this.#concerns.grantees)}) and ${either(permits.map(keptHere))})`;
  }

  #permitted(columns: FacetColumns, patient: Condition, instead?: Condition): Condition {
    const notPrivate = sql`${this.#notPrivate(columns, patient)} = ${literal(VERDICT.permit)}`;
    return sql`case ${this.#granted(columns, patient)} when ${literal(VERDICT.deny)} then 1 = 0
      when ${literal(VERDICT.permit)} then 1 = 1 else ${instead ? either([notPrivate, instead]) : notPrivate} end`;
  }

  #grantedReader(r: string, types: readonly string[]): Condition {
    const patient = sql.ref(`${r}.patient`);
    const columns = facetColumns(r);
    const contained = sql`(${sql.ref(`${r}.contained`)} is null or not exists (select 1 from facet f
      where ${this.#words.same(sql.ref('f.rid'), sql.ref(`${r}.rid`))} and not (${this.#permitted(facetColumns('f'), patient)})))`;
    const consent = sql`(${sql.ref(`${r}.author`)} = ${this.#concerns.identity} or (${contained}
      and exists (select 1 from consent_party p where ${this.#words.same(sql.ref('p.rid'), sql.ref(`${r}.rid`))}
        and p.party in (${values(this.#concerns.parties)}))
      and ${this.#permitInForce(patient)}
      and ${this.#granted(columns, patient)} <> ${literal(VERDICT.deny)}))`;
    const special: [string, Condition][] = [
      ['Consent', consent],
      ['Patient', sql`(${contained} and ${this.#permitted(columns, patient, this.#permitInForce(patient))})`],
    ];
    const rest = sql`(${contained} and ${this.#permitted(columns, patient)})`;
    const branches = special.filter(([type]) => types.includes(type));
    if (branches.length === 0) return rest;
    const only = branches[0];
    if (only !== undefined && types.length === 1) return only[1];
    const cases = branches.map(([type, then]) => sql`when ${literal(typeNumber(type))} then ${then}`);
    return sql`case ${sql.ref(`${r}.type`)} ${sql.join(cases, ' ')} else ${rest} end`;
  }

  #patientHome(r: string, types: readonly string[]): Condition {
    const { role } = this.#visibility.principal.requester;
    if (role === 'patient') return sql`${sql.ref(`${r}.patient`)} = ${this.#concerns.ownPatient}`;
    if (role === 'hr') {
      return sql`(${sql.ref(`${r}.type`)} in (${list(PERSONAL_TYPES.map(typeNumber))})
        and ${sql.ref(`${r}.section`)} = ${literal(sectionNumber('personal'))}
        and exists (select 1 from record o
          where ${this.#words.same(sql.ref('o.patient'), sql.ref(`${r}.patient`))}
          and o.home = ${this.#concerns.organisation})
        and not exists (select 1 from facet f where ${this.#words.same(sql.ref('f.rid'), sql.ref(`${r}.rid`))}
          and f.section <> ${literal(sectionNumber('personal'))}))`;
    }
    return GRANTEE_ROLES.includes(role) ? this.#grantedReader(r, types) : NEVER;
  }

  #ownOrganisation(r: string, roles: readonly string[]): Condition {
    if (!roles.includes(this.#visibility.principal.requester.role)) return NEVER;
    return sql`${sql.ref(`${r}.organisation`)} = ${this.#concerns.organisation}`;
  }

  /** Without what is attached to others. */
  direct(r: string, types: readonly string[]): Condition {
    return this.#byHome(r, types, {
      patient: () => this.#patientHome(r, types),
      directory: () => ALWAYS,
      administrative: () => this.#ownOrganisation(r, ['hr', 'researcher']),
      definitional: () => NEVER,
      attached: () => this.#ownOrganisation(r, GRANTEE_ROLES),
    });
  }

  #byHome(r: string, types: readonly string[], conditions: Record<Home, () => Condition>): Condition {
    const homes = [...new Set(types.flatMap((type) => typeRow(type)?.homes ?? []))];
    const stored = homes.filter((home) => home !== 'definitional');
    const single = stored[0];
    if (single !== undefined && stored.length === 1) return conditions[single]();
    const cases = stored.map((home) => sql`when ${literal(homeNumber(home))} then ${conditions[home]()}`);
    return cases.length === 0
      ? NEVER
      : sql`case ${sql.ref(`${r}.home`)} ${sql.join(cases, ' ')} else 1 = 0 end`;
  }

  /**
   * A resource that opens what it refers to: seen itself, and where scopes are confined to a patient, of that patient's
   * record or shared by all.
   */
  #opens(s: string, patient: number | undefined): Condition {
    const seen = this.direct(s, RESOURCE_TYPES);
    if (patient === undefined) return seen;
    return sql`(${sql.ref(`${s}.patient`)} in (0, ${patient}) and ${isNotAttached(s)} and ${seen})`;
  }

  /**
   * What the caller's own organisation attached. Where scopes are confined to a patient, what another patient's resources
   * refer to is no part of it.
   */
  #ownAttached(r: string, patient: number | undefined): Condition {
    const own = this.#ownOrganisation(r, GRANTEE_ROLES);
    if (patient === undefined) return own;
    const ofAnother = (s: string) => sql`${sql.ref(`${s}.patient`)} not in (0, ${patient})`;
    const through = sql`(${isAttached('s3')} and ${referredToBy(this.#words, 's3', 'f4', 's4', ofAnother('s4'))})`;
    return sql`(${own} and not ${referredToBy(this.#words, r, 'f3', 's3', either([ofAnother('s3'), through]))})`;
  }

  /** What is attached, by whichever of the scopes cover it: each opens only what its own patient's resources refer to. */
  #attachedWithin(r: string, reaches: readonly Reach[]): Condition {
    return either(
      reaches.map(({ covers, patient }) => {
        const attached = this.#attached(r, patient);
        return covers === undefined || reaches.length === 1 ? attached : sql`(${covers(r)} and ${attached})`;
      }),
    );
  }

  /**
   * Attached to something visible, directly or through another attached resource. Only references that the owner of the
   * attached resource made count: to write a reference to it opens nothing to anybody else.
   */
  #attached(r: string, patient: number | undefined): Condition {
    const { role } = this.#visibility.principal.requester;
    if (role === 'hr' || role === 'researcher') return NEVER;
    const second = sql`(${isAttached('s1')} and ${referredToBy(this.#words, 's1', 'f2', 's2', this.#opens('s2', patient))})`;
    return either([
      this.#ownAttached(r, patient),
      referredToBy(this.#words, r, 'f1', 's1', either([this.#opens('s1', patient), second])),
    ]);
  }

  visible(r: string, types: readonly string[], reaches: readonly Reach[], inRecords: boolean): Condition {
    if (inRecords) return this.#patientHome(r, types);
    return this.#byHome(r, types, {
      patient: () => this.#patientHome(r, types),
      directory: () => ALWAYS,
      administrative: () => this.#ownOrganisation(r, ['hr', 'researcher']),
      definitional: () => NEVER,
      attached: () => this.#attachedWithin(r, reaches),
    });
  }
}

/**
 * The gate in SQL: a condition on the rows of `resource` under the alias `r`, which must be of one of `types` and live,
 * that holds for those that role and grants let the caller read. mayRead (read-access.ts) says the same of one resource.
 * `reaches`: what the token's scopes reach; that a row is covered by one of them is for the caller to ask, here it only
 * decides which references open what is attached.
 * `inRecords`: only rows of patients' records are looked at.
 */
export function visibilitySql(
  words: DialectWords,
  visibility: Visibility,
  concerns: Concerns,
  r: string,
  types: readonly string[],
  reaches: readonly Reach[],
  inRecords = false,
): Condition {
  return new Gate(words, visibility, concerns).visible(r, types, reaches, inRecords);
}
