import { RESOURCE_TYPES } from '@fhir-fabric-gateway/chaincode/api';
import { asNumber, asText, type WriteConnection } from './connection.ts';
import type { Interned } from './interned.ts';
import { STATE, homeNumber } from './numbers.ts';
import { TERM } from './schema.ts';
import { VALUE_TABLES } from './write-values.ts';

const ALL_TYPES = RESOURCE_TYPES.map((_, at) => at + 1).join(', ');

/** Every resource of a patient's record. */
export const OF_PATIENT = `from resource r where r.type in (${ALL_TYPES}) and r.patient = ?`;

/** Units, organisations and identities are no one's in particular. */
const KEPT_KINDS = [TERM.unit, TERM.unitLabel, TERM.msp, TERM.identity].join(', ');

/** Numbers of all parameters under which `table` holds values, hopping from one to the next. */
const parametersIn = (table: string) => `with recursive hop (parameter) as (
  select min(parameter) from ${table}
  union all select (select min(parameter) from ${table} where parameter > hop.parameter) from hop where parameter is not null)
  select parameter from hop where parameter is not null`;

/** What remains of a name once its resource is gone: nothing, unless something else still refers to it. */
async function dropName(connection: WriteConnection, interned: Interned, num: number): Promise<void> {
  const used = `select 1 as used from resource where rid = ? union all select 1 from reference where target = ?
    union all select 1 from record where patient = ? union all select 1 from consent_rule where grantee = ? limit 1`;
  if ((await connection.all(used, [num, num, num, num])).length > 0) return;
  const [name] = await connection.all('select type, id from name where num = ?', [num]);
  await connection.run('delete from name where num = ?', [num]);
  if (name !== undefined) interned.dropNameOf(asNumber(name['type']), asText(name['id']));
}

/** Removes resources so that nothing of them stays in the index, interned texts (an identifier, a name) included. */
export class Purger {
  readonly #connection: WriteConnection;
  readonly #interned: Interned;
  /** Terms that may be nobody's now, each with a parameter under which it was. */
  readonly #terms = new Map<number, number>();
  #used = false;

  constructor(connection: WriteConnection, interned: Interned) {
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

  /** Entries of any number, side by side: most of the time goes by waiting for a server's answers. */
  async entries(entries: readonly { type: string; id: string }[]): Promise<void> {
    this.#used = true;
    const names = await Promise.all(entries.map(({ type, id }) => this.#entry(type, id)));
    // Once all are gone: what one of them refers to may be another of them.
    await Promise.all(
      [...new Set(names.flat())].map((num) => dropName(this.#connection, this.#interned, num)),
    );
  }

  /** Answers the names that may be nobody's now. */
  async #entry(type: string, id: string): Promise<number[]> {
    await this.#connection.run('delete from quarantine where type = ? and id = ?', [type, id]);
    const rid = await this.#numberOf(type, id);
    if (rid === undefined) return [];
    const targets = await this.#connection.all('select distinct target from reference where rid = ?', [rid]);
    await this.values(rid);
    for (const table of ['version', 'content', 'resource']) {
      await this.#connection.run(`delete from ${table} where rid = ?`, [rid]);
    }
    return [rid, ...targets.map(({ target }) => asNumber(target))];
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
    await Promise.all(rows.map(({ rid }) => this.setAside(asNumber(rid))));
  }

  /** Takes a resource out of every answer, and keeps it. */
  async setAside(rid: number): Promise<void> {
    await this.values(rid);
    await this.#connection.run('update resource set state = ? where rid = ?', [STATE.aside, rid]);
  }

  async #inUse(term: number, parameter: number): Promise<boolean> {
    const rows = await this.#connection.all(
      `select 1 as used from token where parameter = ? and term = ?
       union all select 1 from composite where parameter = ? and term1 = ?
       union all select 1 from composite where term2 = ? and term2 > 0 and low2 = 0 and high2 = 0 limit 1`,
      [parameter, term, parameter, term, term],
    );
    return rows.length > 0;
  }

  /** At the end of a transaction: removes the texts that only purged resources had. */
  async sweep(): Promise<void> {
    let parameters: number[] | undefined;
    // Nearly every text is still used where it was.
    const unused = await Promise.all(
      [...this.#terms].map(async ([term, parameter]) => ((await this.#inUse(term, parameter)) ? [] : [term])),
    );
    for (const term of unused.flat()) {
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
