import { RESOURCE_TYPES } from '@fhir-fabric-gateway/chaincode/api';
import { asNumber, asText, type SqlValue, type WriteConnection } from './connection.ts';
import type { FulltextWriter } from './fulltext/write.ts';
import type { Interned } from './interned.ts';
import { STATE, homeNumber } from './numbers.ts';
import { TERM } from './schema.ts';
import { VALUE_TABLES } from './write-values.ts';

const ALL_TYPES = RESOURCE_TYPES.map((_, at) => at + 1).join(', ');

/** Every resource of a patient's record. */
export const OF_PATIENT = `from resource r where r.type in (${ALL_TYPES}) and r.patient = ?`;

/** Systems, units, organisations and identities are no one's in particular. */
const KEPT_KINDS = [TERM.system, TERM.unit, TERM.unitLabel, TERM.msp, TERM.identity].join(', ');

/** Numbers of all parameters under which `table` holds values, hopping from one to the next. */
const parametersIn = (table: string) => `with recursive hop (parameter) as (
  select min(parameter) from ${table}
  union all select (select min(parameter) from ${table} where parameter > hop.parameter) from hop where parameter is not null)
  select parameter from hop where parameter is not null`;

/** The members of each group, by what they have in common. */
function grouped<T, K>(all: Iterable<T>, by: (one: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const one of all) {
    const group = groups.get(by(one));
    if (group) group.push(one);
    else groups.set(by(one), [one]);
  }
  return groups;
}

/**
 * Removes resources so that nothing of them stays in the index, interned texts (an identifier, a name) included. Each
 * statement is for all resources at hand: a block may purge hundreds.
 */
export class Purger {
  readonly #connection: WriteConnection;
  readonly #interned: Interned;
  readonly #fulltext: FulltextWriter;
  /** Terms that may be nobody's now, each with a parameter under which it was. */
  readonly #terms = new Map<number, number>();
  /** Names that nothing may refer to now. */
  readonly #names = new Set<number>();
  #used = false;

  constructor(connection: WriteConnection, interned: Interned, fulltext: FulltextWriter) {
    this.#connection = connection;
    this.#interned = interned;
    this.#fulltext = fulltext;
  }

  #among(column: string, values: readonly number[] | readonly string[]): { text: string; value: SqlValue } {
    return this.#connection.words.among(column, values);
  }

  async #deleteFrom(tables: readonly string[], rids: readonly number[]): Promise<void> {
    const { text, value } = this.#among('rid', rids);
    for (const table of tables) await this.#connection.run(`delete from ${table} where ${text}`, [value]);
  }

  /** Takes resources' values out of the index, and remembers which texts may go with them. */
  async values(rids: readonly number[]): Promise<void> {
    await this.#fulltext.remove(rids);
    const { text, value } = this.#among('rid', rids);
    const terms = await this.#connection.all(
      `select parameter, term from token where ${text} union select parameter, term1 from composite where ${text}
       union select parameter, term2 from composite where ${text} union select parameter, term3 from composite where ${text}`,
      [value, value, value, value],
    );
    for (const { term, parameter } of terms) this.#terms.set(asNumber(term), asNumber(parameter));
    const names = await this.#connection.all(
      `select target as num from reference where ${text} union select party from consent_party where ${text}`,
      [value, value],
    );
    for (const { num } of names) this.#names.add(asNumber(num));
    await this.#deleteFrom([...VALUE_TABLES, 'facet', 'consent_party'], rids);
  }

  async #numbersOf(type: string, ids: readonly string[]): Promise<number[]> {
    const { text, value } = this.#among('n.id', ids);
    const rows = await this.#connection.all(
      `select r.rid from name n join resource r on r.rid = n.num where n.type = ? and ${text}`,
      [RESOURCE_TYPES.indexOf(type) + 1, value],
    );
    return rows.map(({ rid }) => asNumber(rid));
  }

  /** Whether something was purged for good. */
  get used(): boolean {
    return this.#used;
  }

  /** Entries of any number. */
  async entries(entries: readonly { type: string; id: string }[]): Promise<void> {
    this.#used = true;
    const rids: number[] = [];
    for (const [type, those] of grouped(entries, (entry) => entry.type)) {
      const ids = those.map(({ id }) => id);
      const { text, value } = this.#among('id', ids);
      await this.#connection.run(`delete from quarantine where type = ? and ${text}`, [type, value]);
      rids.push(...(await this.#numbersOf(type, ids)));
    }
    if (rids.length === 0) return;
    await this.values(rids);
    await this.#deleteFrom(['version', 'content', 'resource'], rids);
    for (const rid of rids) this.#names.add(rid);
  }

  /** What remains of a name once its resource is gone: nothing, unless something else still refers to it. */
  async #dropNames(): Promise<void> {
    const { text, value } = this.#among('num', [...this.#names]);
    this.#names.clear();
    const names = await this.#connection.all(
      `select num, type, id from name where ${text} and not exists (select 1 from resource where rid = num)
       and not exists (select 1 from reference where target = num) and not exists (select 1 from record where patient = num)
       and not exists (select 1 from grant_key where grantee = num) and not exists (select 1 from grant_key where patient = num)
       and not exists (select 1 from privacy_rule where patient = num)
       and not exists (select 1 from consent_party where party = num)
       and not exists (select 1 from resource where type in (${ALL_TYPES}) and patient = num)`,
      [value],
    );
    if (names.length === 0) return;
    const unused = this.#among(
      'num',
      names.map(({ num }) => asNumber(num)),
    );
    await this.#connection.run(`delete from name where ${unused.text}`, [unused.value]);
    for (const { type, id } of names) this.#interned.dropNameOf(asNumber(type), asText(id));
  }

  async version(type: string, id: string, version: number): Promise<void> {
    this.#used = true;
    const [rid] = await this.#numbersOf(type, [id]);
    if (rid !== undefined)
      await this.#connection.run('delete from version where rid = ? and version = ?', [rid, version]);
  }

  /** Takes a record that is being erased out of every answer; its entries are purged later. */
  async close(patient: number): Promise<void> {
    this.#used = true;
    const rows = await this.#connection.all(`select r.rid ${OF_PATIENT} and r.home = ?`, [
      patient,
      homeNumber('patient'),
    ]);
    await this.setAside(rows.map(({ rid }) => asNumber(rid)));
  }

  /** Takes resources out of every answer, and keeps them. */
  async setAside(rids: readonly number[]): Promise<void> {
    if (rids.length === 0) return;
    await this.values(rids);
    const { text, value } = this.#among('rid', rids);
    await this.#connection.run(`update resource set state = ? where ${text}`, [STATE.aside, value]);
  }

  /** Those of the terms that no value under the parameter has, and no second component of a composite. */
  async #unused(terms: readonly number[], parameter: number): Promise<number[]> {
    const { text, value } = this.#among('num', terms);
    const rows = await this.#connection.all(
      `select num from term where ${text} and kind not in (${KEPT_KINDS})
       and not exists (select 1 from token where parameter = ? and term = num)
       and not exists (select 1 from composite where parameter = ? and term1 = num)
       and not exists (select 1 from composite where term2 = num and term2 > 0 and low2 = 0 and high2 = 0)`,
      [value, parameter, parameter],
    );
    return rows.map(({ num }) => asNumber(num));
  }

  /** At the end of a transaction: removes the names and texts that only purged resources had. */
  async sweep(): Promise<void> {
    if (this.#names.size > 0) await this.#dropNames();
    // Nearly every text is still used where it was.
    let unused: number[] = [];
    for (const [parameter, terms] of grouped(this.#terms, ([, was]) => was)) {
      const candidates = terms.map(([term]) => term);
      unused.push(...(await this.#unused(candidates, parameter)));
    }
    this.#terms.clear();
    if (unused.length === 0) return;
    for (const parameter of await this.#parameters()) {
      unused = await this.#unused(unused, parameter);
      if (unused.length === 0) return;
    }
    const { text, value } = this.#among('num', unused);
    await this.#connection.run(`delete from term where ${text}`, [value]);
    this.#interned.dropTerms();
  }

  async #parameters(): Promise<number[]> {
    const rows = [
      ...(await this.#connection.all(parametersIn('token'))),
      ...(await this.#connection.all(parametersIn('composite'))),
    ];
    return [...new Set(rows.map((row) => asNumber(row['parameter'])))];
  }
}
