import { RESOURCE_TYPES } from '@fhir-fabric-gateway/chaincode/api';
import { asNumber, asText, type Connection } from './connection.ts';
import type { Interned } from './interned.ts';
import { STATE, homeNumber } from './numbers.ts';
import { TERM } from './schema.ts';
import { VALUE_TABLES } from './write-values.ts';

const ALL_TYPES = RESOURCE_TYPES.map((_, at) => at + 1).join(', ');

/** Every resource of a patient's record. */
export const OF_PATIENT = `from resource r where r.type in (${ALL_TYPES}) and r.patient = ?`;

/** Units, organisations and identities are no one's in particular. */
const KEPT_KINDS = [TERM.unit, TERM.msp, TERM.identity].join(', ');

/** Numbers of all parameters under which `table` holds values, hopping from one to the next. */
const parametersIn = (table: string) => `with recursive hop (parameter) as (
  select min(parameter) from ${table}
  union all select (select min(parameter) from ${table} where parameter > hop.parameter) from hop where parameter is not null)
  select parameter from hop where parameter is not null`;

/** What remains of a name once its resource is gone: nothing, unless something else still refers to it. */
async function dropName(connection: Connection, interned: Interned, num: number): Promise<void> {
  const used = `select 1 as used from resource where rid = ? union all select 1 from reference where target = ?
    union all select 1 from record where patient = ? union all select 1 from consent_rule where grantee = ? limit 1`;
  if ((await connection.all(used, [num, num, num, num])).length > 0) return;
  const [name] = await connection.all('select type, id from name where num = ?', [num]);
  await connection.run('delete from name where num = ?', [num]);
  if (name !== undefined) interned.dropNameOf(asNumber(name['type']), asText(name['id']));
}

/** Removes resources so that nothing of them stays in the index, interned texts (an identifier, a name) included. */
export class Purger {
  readonly #connection: Connection;
  readonly #interned: Interned;
  /** Terms that may be nobody's now, each with a parameter under which it was. */
  readonly #terms = new Map<number, number>();
  #used = false;

  constructor(connection: Connection, interned: Interned) {
    this.#connection = connection;
    this.#interned = interned;
  }

  /** Takes a resource's values out of the index, and remembers which texts may go with them. */
  async values(rid: number): Promise<void> {
    const terms = await this.#connection.all(
      `select parameter, term from token where rid = ? union all select parameter, term1 from composite where rid = ?
       union all select parameter, term2 from composite where rid = ? union all select parameter, term3 from composite where rid = ?`,
      [rid, rid, rid, rid],
    );
    for (const { term, parameter } of terms) this.#terms.set(asNumber(term), asNumber(parameter));
    for (const table of [...VALUE_TABLES, 'facet', 'consent_party']) {
      await this.#connection.run(`delete from ${table} where rid = ?`, [rid]);
    }
  }

  async #numberOf(type: string, id: string): Promise<number | undefined> {
    const [row] = await this.#connection.all(
      'select r.rid, r.home from name n join resource r on r.rid = n.num where n.type = ? and n.id = ?',
      [RESOURCE_TYPES.indexOf(type) + 1, id],
    );
    return row === undefined ? undefined : asNumber(row['rid']);
  }

  /** Whether something was purged for good. */
  get used(): boolean {
    return this.#used;
  }

  async entry(type: string, id: string): Promise<void> {
    this.#used = true;
    await this.#connection.run('delete from quarantine where type = ? and id = ?', [type, id]);
    const rid = await this.#numberOf(type, id);
    if (rid === undefined) return;
    const targets = await this.#connection.all('select distinct target from reference where rid = ?', [rid]);
    await this.values(rid);
    for (const table of ['version', 'content', 'resource']) {
      await this.#connection.run(`delete from ${table} where rid = ?`, [rid]);
    }
    for (const { target } of targets) await dropName(this.#connection, this.#interned, asNumber(target));
    await dropName(this.#connection, this.#interned, rid);
  }

  async version(type: string, id: string, version: number): Promise<void> {
    const rid = await this.#numberOf(type, id);
    if (rid !== undefined)
      await this.#connection.run('delete from version where rid = ? and version = ?', [rid, version]);
  }

  /** Takes a record that is being erased out of every answer; its entries are purged one by one later. */
  async close(patient: number): Promise<void> {
    const rows = await this.#connection.all(`select r.rid ${OF_PATIENT} and r.home = ?`, [
      patient,
      homeNumber('patient'),
    ]);
    for (const { rid } of rows) {
      await this.setAside(asNumber(rid));
    }
  }

  /** Takes a resource out of every answer, and keeps it. */
  async setAside(rid: number): Promise<void> {
    await this.values(rid);
    await this.#connection.run('update resource set state = ? where rid = ?', [STATE.aside, rid]);
  }

  async #inUse(term: number, parameter: number): Promise<boolean> {
    const rows = await this.#connection.all(
      `select 1 as used from token where parameter = ? and term = ?
       union all select 1 from composite where parameter = ? and term1 = ? limit 1`,
      [parameter, term, parameter, term],
    );
    return rows.length > 0;
  }

  /** At the end of a transaction: removes the texts that only purged resources had. */
  async sweep(): Promise<void> {
    let parameters: number[] | undefined;
    for (const [term, parameter] of this.#terms) {
      // Nearly every text is still used where it was.
      if (await this.#inUse(term, parameter)) continue;
      parameters ??= await this.#parameters();
      let used = false;
      for (const other of parameters) {
        used = await this.#inUse(term, other);
        if (used) break;
      }
      if (used) continue;
      await this.#connection.run(`delete from term where num = ? and kind not in (${KEPT_KINDS})`, [term]);
      this.#interned.dropTerms();
    }
    this.#terms.clear();
  }

  async #parameters(): Promise<number[]> {
    const rows = [
      ...(await this.#connection.all(parametersIn('token'))),
      ...(await this.#connection.all(parametersIn('composite'))),
    ];
    return [...new Set(rows.map((row) => asNumber(row['parameter'])))];
  }
}
