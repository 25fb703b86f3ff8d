import { parentPort, workerData } from 'node:worker_threads';
import type { Command, IdentityRef, Query, Role } from '@fhir-fabric-gateway/chaincode/api';
import type { AuditRecord } from '../audit/index.ts';
import { serveRpc } from '../storage/rpc.ts';
import { openStorage, type StorageConfig } from './open-storage.ts';

/** The storage thread: what it opens, it serves to the thread that started it. */
if (parentPort) {
  const storage = openStorage(workerData as StorageConfig);
  storage.catch(() => undefined);
  serveRpc(parentPort, {
    ready: async () => (await storage).ready(),
    submit: async (identity: IdentityRef, commands: readonly Command[], audit?: string) =>
      (await storage).submit(
        identity,
        commands,
        audit === undefined ? undefined : (JSON.parse(audit) as AuditRecord[]),
      ),
    evaluate: async (identity: IdentityRef, query: Query) => (await storage).ledger.evaluate(identity, query),
    height: async () => (await storage).ledger.height(),
    standing: async () => (await storage).standing(),
    audit: async (records: string) => (await storage).audit(JSON.parse(records) as AuditRecord[]),
    enroll: async (mspId: string, role: Role, pseudonym?: string) =>
      (await storage).enroll(mspId, role, pseudonym),
    close: async () => (await storage).close(),
  });
}
