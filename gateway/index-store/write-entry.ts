import { typeRow } from '@fhir-fabric-gateway/chaincode/api';
import { asNumber, type Row, type WriteConnection } from './connection.ts';
import type { FulltextWriter } from './fulltext/write.ts';
import type { Interned } from './interned.ts';
import { OPEN_RECORD, STATE, clampTime, homeNumber, typeNumber } from './numbers.ts';
import type { EntryProjection, StoredResource } from './port.ts';
import {
  RESOURCE_COLUMNS,
  RESOURCE_JOINS,
  describeVersion,
  facetValues,
  resourceOf,
  type Contained,
} from './rows.ts';
import { TERM } from './schema.ts';
import type { Purger } from './purge.ts';
import { Wanted } from './wanted.ts';
import { ANY_REFERENCE, type ValueWriter } from './write-values.ts';

const CURRENT = 'select version, state, created, author from resource where rid = ?';
const WHOLE = `select ${RESOURCE_COLUMNS} from resource r ${RESOURCE_JOINS} where r.rid = ?`;
const PUT_RESOURCE = `insert into resource values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  on conflict (rid) do update set patient = excluded.patient, version = excluded.version, state = excluded.state,
  home = excluded.home, organisation = excluded.organisation, author = excluded.author, section = excluded.section,
  labels = excluded.labels, date_from = excluded.date_from, date_to = excluded.date_to, contained = excluded.contained,
  last_updated = excluded.last_updated, block = excluded.block, transaction_no = excluded.transaction_no,
  command = excluded.command, tx_id = excluded.tx_id`;
const PUT_CONTENT = 'insert into content values (?, ?) on conflict (rid) do update set body = excluded.body';
const PUT_VERSION = `insert into version values (?, ?, ?, ?, ?, ?)
  on conflict (rid, version) do update set deleted = excluded.deleted, last_updated = excluded.last_updated,
  description = excluded.description, body = excluded.body`;

/** Only resources that belong to an organisation are opened by what refers to them. */
const mayBeAttached = (reference: string): boolean =>
  typeRow(reference.split('/')[0] ?? '')?.homes.includes('attached') ?? false;

/** The organisation of no reference: what it refers to is not opened by it. */
const NOBODY = 0;

const isOpen = (row: Row): boolean => asNumber(row['status']) === OPEN_RECORD;

/** Writes one version of a resource as the current one. */
export class EntryWriter {
  readonly #connection: WriteConnection;
  readonly #interned: Interned;
  readonly #values: ValueWriter;
  readonly #purger: Purger;
  readonly #fulltext: FulltextWriter;
  /** Rows of CURRENT that were looked up together, and are not written yet; null for what is new. */
  readonly #expected = new Map<number, Row | null>();
  /** Whether records are open, by the patient's number. */
  readonly #open = new Map<number, boolean>();
  constructor(
    connection: WriteConnection,
    interned: Interned,
    values: ValueWriter,
    purger: Purger,
    fulltext: FulltextWriter,
  ) {
    this.#connection = connection;
    this.#interned = interned;
    this.#values = values;
    this.#purger = purger;
    this.#fulltext = fulltext;
  }

  async #keepVersion(rid: number, resource: StoredResource): Promise<void> {
    const { version, deleted, lastUpdated, content } = resource;
    await this.#connection.run(PUT_VERSION, [
      rid,
      version,
      deleted ? 1 : 0,
      clampTime(lastUpdated),
      describeVersion(resource),
      content,
    ]);
  }

  /** Looks up at once what `put` will ask for, where the connection can. */
  async expect(entries: readonly EntryProjection[]): Promise<void> {
    const wanted = new Wanted();
    for (const entry of entries) wanted.entry(entry);
    const numbers = [...new Set(await this.#interned.expect(wanted))].map((number) => [number]);
    const rids = await this.#connection.lookUp?.('resource', ['rid'], numbers);
    for (const [number = 0] of numbers) {
      this.#expected.set(number, null);
      this.#open.set(number, true);
    }
    for (const row of rids ?? []) this.#expected.set(asNumber(row['rid']), row);
    const records = await this.#connection.lookUp?.('record', ['patient'], numbers);
    for (const row of records ?? []) this.#open.set(asNumber(row['patient']), isOpen(row));
  }

  /** To be told when entries are purged. */
  entriesGone(): void {
    this.#expected.clear();
  }

  /** To be told when a record changes. */
  recordChanged(patient: number): void {
    this.#open.delete(patient);
  }

  async #current(rid: number): Promise<Row | undefined> {
    if (this.#interned.isNew(rid)) return undefined;
    const expected = this.#expected.get(rid);
    if (expected !== undefined) {
      this.#expected.delete(rid);
      return expected ?? undefined;
    }
    const [row] = await this.#connection.all(CURRENT, [rid]);
    return row;
  }

  /** Whether a record takes entries: as long as nothing else was said of it. */
  async #isOpen(patient: number): Promise<boolean> {
    let open = this.#open.get(patient);
    if (open === undefined) {
      const [row] = await this.#connection.all('select status from record where patient = ?', [patient]);
      open = row === undefined || isOpen(row);
      this.#open.set(patient, open);
    }
    return open;
  }

  async put(entry: EntryProjection): Promise<void> {
    const rid = await this.#interned.name(entry.type, entry.id);
    const current = await this.#current(rid);
    const introducers = new Map<number, number>();
    let created = entry.block;
    if (current !== undefined) {
      const version = asNumber(current['version']);
      // Private data can arrive late: a version older than the current one only joins the history.
      if (entry.version < version) return this.#keepVersion(rid, { ...entry, rid });
      created = asNumber(current['created']);
      const [[row], references] = await Promise.all([
        version < entry.version ? this.#connection.all(WHOLE, [rid]) : [],
        this.#connection.all('select target, organisation from reference where rid = ?', [rid]),
      ]);
      if (row !== undefined) await this.#keepVersion(rid, resourceOf(row));
      for (const { target, organisation } of references)
        introducers.set(asNumber(target), asNumber(organisation));
      await this.#purger.values([rid]);
    }
    await this.#putCurrent(rid, entry, created, introducers);
  }

  async #putCurrent(
    rid: number,
    entry: EntryProjection,
    created: number,
    introducers: Map<number, number>,
  ): Promise<void> {
    const connection = this.#connection;
    const inRecord = entry.home === 'patient' && entry.patient !== undefined;
    const patient = inRecord ? await this.#interned.name('Patient', entry.patient ?? '') : 0;
    const open = !inRecord || (await this.#isOpen(patient));
    const state = !open ? STATE.aside : entry.deleted ? STATE.deleted : STATE.live;
    const organisation = await this.#interned.organisation(entry.organisation);
    const authorOrganisation = await this.#interned.organisation(entry.author.mspId);
    const author = await this.#interned.term(TERM.identity, entry.author.pseudonym, authorOrganisation);
    const [own, ...containedFacets] = entry.facets;
    const contained: Contained = {
      ...(containedFacets.length > 0 && { facets: containedFacets }),
      ...(entry.parties && entry.parties.length > 0 && { parties: entry.parties }),
    };
    const [, ...ownValues] = facetValues(own);
    await connection.run(PUT_RESOURCE, [
      rid,
      typeNumber(entry.type),
      patient,
      entry.version,
      state,
      homeNumber(entry.home),
      organisation,
      author,
      ...ownValues,
      Object.keys(contained).length === 0 ? null : JSON.stringify(contained),
      clampTime(entry.lastUpdated),
      created,
      entry.block,
      entry.transaction,
      entry.command,
      entry.txId,
    ]);
    await connection.run(PUT_CONTENT, [rid, entry.content]);
    if (state !== STATE.live) return;
    this.#fulltext.add(rid, patient, entry.content);
    for (const [no, facet] of containedFacets.entries()) {
      await connection.run('insert into facet values (?, ?, ?, ?, ?, ?, ?)', [
        rid,
        no,
        ...facetValues(facet),
      ]);
    }
    for (const party of entry.parties ?? []) {
      const number = await this.#interned.reference(party);
      await connection.run('insert into consent_party values (?, ?) on conflict do nothing', [rid, number]);
    }
    const opener = entry.byPatient === true ? NOBODY : authorOrganisation;
    const introducer = (target: number) => introducers.get(target) ?? opener;
    await this.#values.write(rid, patient, entry.indexed, introducer);
    const found = new Set(
      entry.indexed.map(({ value }) =>
        value.kind === 'reference' ? `${value.type ?? ''}/${value.id ?? ''}` : '',
      ),
    );
    for (const reference of new Set(entry.refersTo ?? [])) {
      if (found.has(reference) || !mayBeAttached(reference)) continue;
      const target = await this.#interned.reference(reference);
      await connection.run('insert into reference values (?, ?, ?, ?, ?) on conflict do nothing', [
        target,
        ANY_REFERENCE,
        patient,
        rid,
        introducer(target),
      ]);
    }
  }
}
