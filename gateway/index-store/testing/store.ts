import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { isPostgres } from '../../database/open.ts';
import { classify, extractIndexed, references } from '@fhir-fabric-gateway/mappings';
import type { IdentityRef, Role } from '@fhir-fabric-gateway/chaincode/api';
import type { Resource } from '../../fhir/resource.ts';
import type { Visibility } from '../../consent/visibility.ts';
import type {
  EntryProjection,
  IndexReader,
  IndexTransaction,
  IndexWriter,
  SearchRequest,
  SearchResult,
} from '../port.ts';
import { Changes } from '../changes.ts';
import { openIndexReader } from '../reader.ts';
import { openIndexWriter } from '../writer.ts';
import { codeSets } from './code-sets.ts';

export const FHIR_BASE = 'http://gateway.example/fhir/R4';
export const HOSPITAL = 'HospitalMSP';
export const NOW = Date.UTC(2026, 5, 1);

export interface Written {
  organisation?: string;
  author?: IdentityRef;
  version?: number;
  block?: number;
  lastUpdated?: number;
}

/** A resource as the projector would hand it over. */
export function projection(resource: Resource, written: Written = {}): EntryProjection {
  const { home, patient, facets } = classify(resource);
  const organisation = written.organisation ?? HOSPITAL;
  return {
    type: resource.resourceType,
    id: String(resource['id']),
    version: written.version ?? 1,
    deleted: false,
    home: home === 'definitional' ? 'directory' : home,
    ...(home === 'patient' && patient !== undefined && { patient }),
    organisation,
    author: written.author ?? { mspId: organisation, pseudonym: 'writer' },
    facets: home === 'patient' ? facets : [],
    lastUpdated: written.lastUpdated ?? NOW,
    txId: 'tx',
    block: written.block ?? 0,
    transaction: 0,
    command: 0,
    content: new TextEncoder().encode(JSON.stringify(resource)),
    indexed: [...extractIndexed(resource, { baseUrl: FHIR_BASE })],
    refersTo: [...references(resource)]
      .map(({ reference }) => reference)
      .filter((text) => /^[A-Z]\w+\/[\w.-]+$/.test(text)),
  };
}

export function visibilityOf(
  role: Role,
  about: Partial<Visibility['principal']> = {},
  scopes?: Visibility['scopes'],
): Visibility {
  const organization = role === 'patient' ? undefined : 'Organization/hospital';
  return {
    principal: {
      identity: { mspId: HOSPITAL, pseudonym: role },
      requester: {
        role,
        ...(organization && { organization }),
        ...(role === 'doctor' && { person: 'Practitioner/doctor' }),
      },
      scopes: [],
      purpose: 'TREAT',
      client: 'test',
      display: role,
      tokenId: 'token',
      ...about,
    },
    now: NOW,
    scopes: scopes ?? [{ type: '*' }],
  };
}

/** A real index, its writer and its reader: in a SQLite file of its own, or in a PostgreSQL database. */
export class TestStore {
  readonly url: string;
  readonly writer: IndexWriter;
  readonly reader: IndexReader;
  #block = 0;
  readonly #remove: () => void;

  private constructor(url: string, writer: IndexWriter, reader: IndexReader, remove: () => void) {
    this.url = url;
    this.writer = writer;
    this.reader = reader;
    this.#remove = remove;
  }

  /** Opens an index in an empty database; without one in a new file, which goes when the store is closed. */
  static async open(database?: string): Promise<TestStore> {
    const folder = database === undefined ? mkdtempSync(join(tmpdir(), 'index-')) : '';
    const url = database ?? join(folder, 'index.db');
    const changes = database === undefined ? { changes: new Changes() } : {};
    const writer = await openIndexWriter({ url, ...changes });
    const reader = await openIndexReader({ url, fhirBase: FHIR_BASE, codes: codeSets, ...changes });
    return new TestStore(url, writer, reader, () => {
      if (folder !== '') rmSync(folder, { recursive: true, force: true });
    });
  }

  async block(apply: (tx: IndexTransaction, block: number) => Promise<void>): Promise<void> {
    const block = this.#block;
    await this.writer.block(block, (tx) => apply(tx, block));
    this.#block++;
  }

  put(resources: readonly Resource[], written: Written = {}): Promise<void> {
    return this.block(async (tx, block) => {
      for (const resource of resources) await tx.putEntry(projection(resource, { block, ...written }));
    });
  }

  /** Grants `grantee` everything of a patient. */
  grant(patient: string, grantee: string): Promise<void> {
    return this.block((tx) => tx.putGrants(patient, grantee, { all: { type: 'permit', actors: [grantee] } }));
  }

  search(query: string, more: Partial<SearchRequest> = {}): Promise<SearchResult> {
    const [path = '', parameters = ''] = query.split('?');
    return this.reader.search({
      types: path === '' ? [] : path.split(','),
      parameters: [...new URLSearchParams(parameters)],
      visibility: visibilityOf('system'),
      lenient: false,
      sort: [],
      count: 100,
      total: 'accurate',
      include: [],
      includeIterate: [],
      revinclude: [],
      revincludeIterate: [],
      ...more,
    });
  }

  /** The ids that a search finds, in its order. */
  async ids(query: string, more: Partial<SearchRequest> = {}): Promise<string[]> {
    return (await this.search(query, more)).matches.map(({ id }) => id);
  }

  /** Everything in the index, as text: of SQLite what its files hold, of PostgreSQL what its rows do. */
  async wholeText(): Promise<string> {
    if (isPostgres(this.url)) return allRows(this.url);
    const database = new DatabaseSync(this.url);
    database.exec('pragma wal_checkpoint(truncate)');
    database.close();
    return readFileSync(this.url, 'latin1');
  }

  async close(): Promise<void> {
    await this.reader.close();
    await this.writer.close();
    this.#remove();
  }
}

/** How a suite gets an empty index of its own. */
export type OpenStore = () => Promise<TestStore>;

async function allRows(url: string): Promise<string> {
  const client = new pg.Client(url);
  await client.connect();
  const tables = await client.query<{ name: string }>(
    "select tablename as name from pg_tables where schemaname = 'read_index'",
  );
  const texts: string[] = [];
  for (const { name } of tables.rows) {
    const { rows } = await client.query<{ text: string }>(
      `select encode(convert_to(t::text, 'UTF8'), 'escape') as text from read_index.${name} t`,
    );
    texts.push(...rows.map(({ text }) => text));
  }
  const bodies = await client.query<{ body: Buffer }>(
    'select body from read_index.content union all select body from read_index.version',
  );
  await client.end();
  return [...texts, ...bodies.rows.map(({ body }) => body.toString('latin1'))].join('\n');
}
