import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
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
import { openIndexReader } from '../reader.ts';
import { openIndexWriter } from '../writer.ts';

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

/** A real index in a file of its own, its writer and its reader. */
export class TestStore {
  readonly file: string;
  readonly writer: IndexWriter;
  readonly reader: IndexReader;
  #block = 0;
  readonly #folder: string;

  private constructor(folder: string, file: string, writer: IndexWriter, reader: IndexReader) {
    this.#folder = folder;
    this.file = file;
    this.writer = writer;
    this.reader = reader;
  }

  static async open(): Promise<TestStore> {
    const folder = mkdtempSync(join(tmpdir(), 'index-'));
    const file = join(folder, 'index.db');
    const writer = await openIndexWriter({ file });
    return new TestStore(folder, file, writer, await openIndexReader({ file, fhirBase: FHIR_BASE }));
  }

  block(apply: (tx: IndexTransaction, block: number) => Promise<void>): Promise<void> {
    const block = this.#block++;
    return this.writer.block(block, (tx) => apply(tx, block));
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

  /** Everything in the files of the index, as text, after what is in the write-ahead log has been folded in. */
  wholeText(): string {
    const database = new DatabaseSync(this.file);
    database.exec('pragma wal_checkpoint(truncate)');
    database.close();
    return readFileSync(this.file, 'latin1');
  }

  async close(): Promise<void> {
    await this.reader.close();
    await this.writer.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
