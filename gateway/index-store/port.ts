import type { Home, IdentityRef, Rule, Section, Span } from '@fhir-fabric-gateway/chaincode/api';
import type { Compartment, Indexed } from '@fhir-fabric-gateway/mappings';
import type { Visibility } from '../consent/visibility.ts';

/** What rules look at, for a resource and for each resource that it contains. */
export interface Facet {
  type: string;
  section: Section;
  labels: readonly string[];
  date: Span | null;
}

/** A version of a resource, as the index keeps it. */
export interface StoredResource {
  /** The index's own number of the resource (not of the version). */
  rid: number;
  type: string;
  id: string;
  version: number;
  deleted: boolean;
  home: Exclude<Home, 'definitional'>;
  /** Patient id, for the home `patient`. */
  patient?: string;
  /** MSP that created it. */
  organisation: string;
  author: IdentityRef;
  /** For the home `patient`: the resource's own facet first, then those of its contained resources. */
  facets: readonly Facet[];
  /** Milliseconds since 1970; meta.lastUpdated. */
  lastUpdated: number;
  txId: string;
  block: number;
  /** The resource as it is served: UTF-8 JSON with id and meta. Empty for a tombstone. */
  content: Uint8Array;
  /** Consent: actors that any of its provisions names, `Practitioner/2` or `Organization/5`. */
  parties?: readonly string[];
}

export interface RecordRow {
  patient: string;
  home: string;
  owner?: string;
  status: 'open' | 'erasing' | 'erased';
}

export interface SearchRequest {
  /** Types to search: one for a type search, several for `_type`, none for all. */
  types: readonly string[];
  /** Parameters in order, decoded, without those of paging and form. Chains and modifiers are in the name. */
  parameters: readonly (readonly [name: string, value: string])[];
  /** Confines the search to a compartment: a Patient's is the own record. */
  compartment?: { type: Compartment; id: string };
  /** Confines it to resources whose clinical date (docs/adr/0011) shares a moment with this, and to those without one. */
  clinicalDate?: Span;
  visibility: Visibility;
  /** `Prefer: handling=lenient`: unknown parameters are left out instead of refused. */
  lenient: boolean;
  sort: readonly { code: string; descending: boolean }[];
  count: number;
  /** Where the page begins: `after` of the page before. */
  after?: string;
  total: 'none' | 'estimate' | 'accurate';
  include: readonly string[];
  includeIterate: readonly string[];
  revinclude: readonly string[];
  revincludeIterate: readonly string[];
}

export interface SearchResult {
  matches: readonly StoredResource[];
  included: readonly StoredResource[];
  /** Parameters (`_include`, `_revinclude`, `:iterate` of each) that would have brought more than a page carries. */
  truncated?: readonly string[];
  total?: number;
  /** Opaque; absent on the last page. */
  after?: string;
  /** Parameters that were really used, for the self link. */
  used: readonly (readonly [name: string, value: string])[];
  /** Parameters left out under lenient handling. */
  ignored: readonly string[];
}

export interface HistoryRequest {
  type: string;
  id: string;
  count: number;
  after?: string;
  since?: number;
  at?: number;
}

/** The read-index, as interactions use it. Rejections are FhirErrors where the caller's parameters are at fault. */
export interface IndexReader {
  /** The current version, tombstones included. */
  get(type: string, id: string): Promise<StoredResource | undefined>;
  getVersion(type: string, id: string, version: number): Promise<StoredResource | undefined>;
  /** Versions, newest first, tombstones included. */
  history(
    request: HistoryRequest,
  ): Promise<{ versions: readonly StoredResource[]; total: number; after?: string }>;
  search(request: SearchRequest): Promise<SearchResult>;
  record(patient: string): Promise<RecordRow | undefined>;
  /** `get` and `sees` in one. */
  seen(
    visibility: Visibility,
    type: string,
    id: string,
  ): Promise<{ resource: StoredResource; seen: boolean } | undefined>;
  /** Whether `visibility` lets the caller see the resource as it is stored now (`attached` included). */
  sees(visibility: Visibility, resource: StoredResource): Promise<boolean>;
  /** Rules in force for a patient: those kept for these grantees and for everyone, and what is not private. */
  rules(
    patient: string,
    grantees: readonly string[],
  ): Promise<{ grants: readonly Rule[]; privacy: readonly Rule[] }>;
  /**
   * Ids of the Patients (of open records) that have this identifier, whoever asks: for the one answer that staff get
   * without a grant.
   */
  patientsByIdentifier(system: string, value: string): Promise<string[]>;
  /** Entries and grantees of a record, for its erasure. */
  recordKeys(
    patient: string,
  ): Promise<{ entries: { type: string; id: string; versions: number }[]; grantees: string[] }>;
  /** What could not be applied with its block, in the ledger's order. */
  parked(): Promise<readonly ParkedWrite[]>;
  /** Patients whose record is erased while something of it is still here: its keys were not purged from the ledger. */
  erasedWithKeys(): Promise<string[]>;
  /** Signatures of the operator's search parameters of which the index has the values of every resource. */
  parameters(): Promise<readonly string[]>;
  /** Number of the last block applied, -1 for none. */
  position(): Promise<number>;
  /**
   * Resolves once the index has applied a block, whichever process applies it. Rejects with the signal's reason when that
   * is aborted, and with an error when the reader is closed meanwhile.
   */
  waitFor(block: number, signal?: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** One entry as the projector hands it over, content decoded, checked, and found to match its metadata. */
export interface EntryProjection extends Omit<StoredResource, 'rid'> {
  /** Place in the ledger's order, besides `block`. */
  transaction: number;
  command: number;
  /** Indexed values of the resource; empty for a tombstone. */
  indexed: readonly Indexed[];
  /**
   * Everything the content refers to, `Type/id`, also where no search parameter looks (attachments' URLs): it opens
   * `attached` resources of the same organisation to whoever sees this one.
   */
  refersTo?: readonly string[];
  /** Written by the patient: its references open nothing, since a patient may refer to what is somebody else's. */
  byPatient?: true;
}

/** A write of a block that could not be applied with it: its private data is missing, or what it is judged by is. */
export interface ParkedWrite {
  block: number;
  /** The transaction's place in its block. */
  transaction: number;
  txId: string;
  keyHash: string;
  /** Patients whose records it may be about; absent: it may be about any. */
  patients?: readonly string[];
}

/** The projector's side. All calls of one block are one transaction with its checkpoint. */
export interface IndexWriter {
  /**
   * Runs `apply` and sets the checkpoint to `block`, in one transaction. Rejects with NotNextBlock, and changes nothing,
   * unless `block` is the one after the checkpoint: whoever leads no longer writes nothing twice.
   */
  block(block: number, apply: (tx: IndexTransaction) => Promise<void>): Promise<void>;
  /**
   * Runs `apply` in one transaction that leaves the checkpoint where it is: for what came after its block. Rejects with
   * NotNextBlock, and changes nothing, unless `position` is the checkpoint.
   */
  amend(position: number, apply: (tx: IndexTransaction) => Promise<void>): Promise<void>;
  position(): Promise<number>;
  close(): Promise<void>;
}

/** The right to project. At most one process has it at a time. */
export interface ProjectionLease {
  /** Waits until no other process has it. Rejects with the signal's reason when that is aborted. */
  acquire(signal?: AbortSignal): Promise<HeldLease>;
  /** Gives up what is held. */
  close(): Promise<void>;
}

export interface HeldLease {
  /** Aborted when another process may have the lease by now: its connection broke, or it was not heard of for long. */
  lost: AbortSignal;
  release(): Promise<void>;
}

export interface IndexTransaction {
  putEntry(entry: EntryProjection): Promise<void>;
  putRecord(record: RecordRow): Promise<void>;
  /** Replaces all rules that are kept for this patient and grantee (`*` for everyone). */
  putGrants(patient: string, grantee: string, consents: Readonly<Record<string, Rule>>): Promise<void>;
  putPrivacy(patient: string, consents: Readonly<Record<string, Rule>>): Promise<void>;
  /** Removes an entry with all its versions and indexed values. */
  purgeEntry(type: string, id: string): Promise<void>;
  /** The same of many, in less time than one by one. */
  purgeEntries(entries: readonly { type: string; id: string }[]): Promise<void>;
  /** Removes one superseded version. */
  purgeVersion(type: string, id: string, version: number): Promise<void>;
  purgeGrants(patient: string, grantee: string): Promise<void>;
  purgePrivacy(patient: string): Promise<void>;
  /** Remembers what key a hash belongs to, and answers it. */
  rememberKey(keyHash: string, key: string, name: string): Promise<void>;
  keyOf(keyHash: string): Promise<{ key: string; name: string } | undefined>;
  /** The same of many: the names of those that are known, by hash. */
  namesOf(keyHashes: readonly string[]): Promise<ReadonlyMap<string, string>>;
  forgetKey(keyHash: string): Promise<void>;
  park(write: ParkedWrite): Promise<void>;
  unpark(write: ParkedWrite): Promise<void>;
  /** Sets an entry aside that contradicts its own content: it is served to nobody. */
  quarantine(entry: {
    /** Whose record the entry says it is in: it is erased with that. */
    patient?: string;
    type: string;
    id: string;
    version: number;
    reason: string;
    block: number;
    txId: string;
  }): Promise<void>;
}
