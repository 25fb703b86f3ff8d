import type { Labeller } from '@fhir-fabric-gateway/mappings';
import type { AuditReader } from './audit/index.ts';
import type { Freshness } from './freshness.ts';
import type { IndexReader } from './index-store/port.ts';
import type { AnswerStore } from './fhir/idempotency.ts';
import type { Issue } from './fhir/errors.ts';
import type { Resource } from './fhir/resource.ts';
import type { KeyedQueue } from './fhir/write/keyed-queue.ts';
import type { Storage } from './storage/client.ts';
import type { Terminology } from './terminology/index.ts';
import type { Throttle } from './fhir/throttle.ts';

/** What interactions are given. Everything that touches disk, time or chance comes in through here. */
export interface Services {
  /** Resolves a submit once this gateway's index has applied its block. */
  ledger: Pick<Storage['ledger'], 'submit'>;
  index: IndexReader;
  /** How old the index is, and of whose records something is missing in it. */
  freshness: Freshness;
  audit: AuditReader;
  /** Definitions, R4's and the operator's. */
  terminology: Terminology;
  validate: (resource: Resource) => readonly Issue[];
  /** `<BASE_URL>/fhir/R4`, without a trailing slash. */
  fhirBase: string;
  /** `Consent.policy.uri`s that this gateway enforces as its own rules. */
  policyUris: readonly string[];
  /** The security labels that codes bring. */
  labeller: Labeller;
  /** Milliseconds since 1970. */
  clock: () => number;
  /** A new resource id. */
  newId: () => string;
  /** Seals paging links. */
  pageSecret: Uint8Array;
  /** Told of every failure of the server's own, for the log: its cause is never in the answer. */
  onFailure: (error: unknown, requestId: string) => void;
  /** Answers of transactions posted with an Idempotency-Key. */
  answers: AnswerStore;
  /** Puts updates of one resource in a row. */
  updates: KeyedQueue;
  /** Limits look-ups of patients who have granted nothing. */
  lookups: Throttle;
}
