import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Command, IdentityRef, Ledger, Role } from '@fhir-fabric-gateway/chaincode/api';
import { createAuthority, openLedger, openWallet, type Authority } from '@fhir-fabric-gateway/network';
import { openAuditLog, type AuditRecord } from '../audit/index.ts';
import { openIndexReader, openIndexWriter } from '../index-store/index.ts';
import { Anchors } from './anchors.ts';
import { Projector } from '../projector/projector.ts';
import type { AppliedReceipt } from '../storage/client.ts';

/** What the storage thread is told. */
export interface StorageConfig {
  dataDir: string;
  indexFile: string;
  masterSecret: string;
  fhirBase: string;
  mspIds: readonly string[];
  /** See Services. */
  policyUris: readonly string[];
}

/** Ledger, wallet, projector and audit log, opened. */
export interface OpenStorage {
  ledger: Ledger;
  /** Resolves once the records are on disk. */
  audit(records: readonly AuditRecord[]): Promise<void>;
  /** Resolves once the index has applied the block, or has had `APPLY_WITHIN` to do so. */
  submit(identity: IdentityRef, commands: readonly Command[]): Promise<AppliedReceipt>;
  /** Resolves while everything can be read and written; rejects with what fails. */
  ready(): Promise<void>;
  enroll(mspId: string, role: Role, pseudonym?: string): Promise<IdentityRef>;
  close(): Promise<void>;
}

export const ledgerFile = (dataDir: string): string => join(dataDir, 'ledger.db');
export const auditFile = (dataDir: string): string => join(dataDir, 'audit.db');
const walletFile = (dataDir: string): string => join(dataDir, 'wallet.db');

/** Milliseconds that the index has to apply a block before a write is answered without it (202). */
const APPLY_WITHIN = 30_000;

/** Opens everything that is written to disk, and catches the index up. Rejects with what is wrong. */
export async function openStorage(config: StorageConfig): Promise<OpenStorage> {
  const { dataDir, indexFile, masterSecret: secret, fhirBase } = config;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const wallet = await openWallet({ file: walletFile(dataDir), secret });
  const authorities = new Map<string, Authority>();
  for (const mspId of config.mspIds) {
    authorities.set(mspId, await createAuthority({ mspId, file: walletFile(dataDir), secret }));
  }
  const ledger = await openLedger(
    {
      engine: 'embedded',
      file: ledgerFile(dataDir),
      organisations: [...authorities.values()].map(({ mspId, certificate }) => ({
        mspId,
        caCertificate: certificate,
      })),
      signer: { file: join(dataDir, 'orderer.db'), secret },
    },
    { identities: wallet },
  );
  const writer = await openIndexWriter({ file: indexFile });
  const index = await openIndexReader({ file: indexFile, fhirBase });
  const auditLog = openAuditLog({ file: auditFile(dataDir), clock: Date.now });
  const [own] = config.mspIds;
  const anchors = new Anchors(auditLog, ledger, own ?? '');
  const projector = new Projector(ledger, writer, { index, fhirBase, policyUris: config.policyUris, alarm });
  await projector.start();
  await projector.waitFor((await ledger.height()) - 1);

  return {
    ledger,
    async submit(identity, commands) {
      const receipt = await ledger.submit(identity, commands);
      return { ...receipt, applied: await within(APPLY_WITHIN, projector.waitFor(receipt.block)) };
    },
    async ready() {
      await projector.waitFor((await ledger.height()) - 1);
    },
    async audit(records) {
      await auditLog.append(records);
      anchors.noticed();
    },
    async enroll(mspId, role, pseudonym) {
      const authority = authorities.get(mspId);
      if (!authority) throw new Error(`no certificate authority for ${mspId}`);
      const identity = await authority.enroll({ role, ...(pseudonym !== undefined && { pseudonym }) });
      await wallet.put(identity);
      return { mspId, pseudonym: identity.pseudonym };
    },
    async close() {
      await anchors.write();
      await ledger.close();
      await projector.stop();
      await auditLog.close();
      await writer.close();
      await index.close();
      for (const authority of authorities.values()) authority.close();
      wallet.close();
    },
  };
}

/** Whether it came in time; what comes later still happens, unwaited for. */
async function within(milliseconds: number, work: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** On standard error, as the log's own line: codes and references, never content. */
function alarm(what: string, where: { block: number; txId: string; name?: string }): void {
  process.stderr.write(
    `${JSON.stringify({ level: 'alarm', time: new Date().toISOString(), what, ...where })}\n`,
  );
}
