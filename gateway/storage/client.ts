import type { Worker } from 'node:worker_threads';
import type { Command, IdentityRef, Ledger, Query, Receipt, Role } from '@fhir-fabric-gateway/chaincode/api';
import type { AuditRecord } from '../audit/index.ts';
import type { Standing } from '../freshness.ts';
import { RpcClient } from './rpc.ts';

/** Where a write stands. */
export interface AppliedReceipt extends Receipt {
  /** Whether this gateway's index has applied its block. */
  applied: boolean;
  /** Whether the index waits for private data of it, and does not show it though its block is applied. */
  missing: boolean;
  /** Whether the audit records that came with it are on disk: they are if it is applied, and nothing is missing. */
  audited: boolean;
}

/** The storage thread, seen from the thread that serves requests: ledger, projector and audit log behind one port. */
export interface Storage {
  ledger: Pick<Ledger, 'evaluate' | 'height'> & {
    /** `audit`: what is to be on disk before the answer, once the commands are done and the index has applied them. */
    submit(
      identity: IdentityRef,
      commands: readonly Command[],
      audit?: readonly AuditRecord[],
    ): Promise<AppliedReceipt>;
  };
  /** Resolves once the records are on disk. */
  audit(records: readonly AuditRecord[]): Promise<void>;
  /**
   * An identity of the organisation, with a key and a certificate for this role; not yet registered on the ledger. One
   * of the same pseudonym gets a new key.
   */
  enroll(mspId: string, role: Role, pseudonym?: string): Promise<IdentityRef>;
  /** How far the index is now, and what is missing in it. Rejects when the index can't be asked. */
  standing(): Promise<Standing>;
  /** Resolves when ledger, index and audit log are open and the index has caught up; rejects once they fail. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

/** A Storage that talks to a worker running `serveStorage` (storage-worker.ts). */
export function connectStorage(worker: Worker): Storage {
  const rpc = new RpcClient(worker);
  return {
    ledger: {
      submit: (identity: IdentityRef, commands: readonly Command[], audit?: readonly AuditRecord[]) =>
        rpc.call<AppliedReceipt>('submit', identity, commands, audit && JSON.stringify(audit)),
      evaluate: (identity: IdentityRef, query: Query) => rpc.call('evaluate', identity, query),
      height: () => rpc.call<number>('height'),
    },
    // Copied as objects, a record would take most of the time that a read takes in this thread.
    audit: (records) => rpc.call<undefined>('audit', JSON.stringify(records)),
    enroll: (mspId, role, pseudonym) => rpc.call<IdentityRef>('enroll', mspId, role, pseudonym),
    standing: () => rpc.call<Standing>('standing'),
    ready: () => rpc.call<undefined>('ready'),
    async close() {
      await rpc.call('close');
      await worker.terminate();
    },
  };
}
