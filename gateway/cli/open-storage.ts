import { mkdirSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import {
  LedgerError,
  type Command,
  type IdentityRef,
  type Ledger,
  type LedgerErrorCode,
  type Role,
} from '@fhir-fabric-gateway/chaincode/api';
import { openWallet, type Wallet } from '@fhir-fabric-gateway/network';
import { createLabeller, useSearchParameters, type LabelTable } from '@fhir-fabric-gateway/mappings';
import { openAuditLog, type AuditRecord } from '../audit/index.ts';
import type { Config } from '../config.ts';
import type { Standing } from '../freshness.ts';
import { Changes, openIndexReader, openIndexWriter, openProjectionLease } from '../index-store/index.ts';
import type { IndexReader } from '../index-store/port.ts';
import { missingIn } from '../projector/parking.ts';
import type { ProjectorOptions } from '../projector/project-block.ts';
import { Progress } from '../projector/progress.ts';
import { Projector } from '../projector/projector.ts';
import { operatorOf } from '../setup/operator.ts';
import { readOwnParameters, signaturesOf } from '../setup/own-parameters.ts';
import type { AppliedReceipt } from '../storage/client.ts';
import { alarm as writeAlarm } from './alarm.ts';
import { Anchors } from './anchors.ts';
import { openLedgerAccess, type LedgerAccess, type LedgerAccessSettings } from './ledger-access.ts';
import { purgeOf } from './purge-leftover.ts';
import { isPostgres } from '../database/open.ts';
import { storesOf } from './stores.ts';

/** What the storage thread is told. */
export interface StorageConfig extends LedgerAccessSettings {
  fhirBase: string;
  /** See Services. */
  policyUris: readonly string[];
  /** See Config. */
  searchParameters?: string;
  labels?: LabelTable;
  /** Shared with the thread that reads the index, when no other process writes it (Changes). */
  indexChanges?: SharedArrayBuffer;
}

/** What the storage thread needs of the configuration. */
export const storageConfigOf = ({
  own,
  consentPolicies,
  labels,
  baseUrl,
  ...rest
}: Config): StorageConfig => ({
  dataDir: rest.dataDir,
  ledger: rest.ledger,
  indexUrl: rest.indexUrl,
  masterSecret: rest.masterSecret,
  fhirBase: `${baseUrl}/fhir/R4`,
  policyUris: consentPolicies,
  ...(labels && { labels }),
  mspIds: own.map(({ mspId }) => mspId),
  ...(rest.searchParameters !== undefined && { searchParameters: rest.searchParameters }),
});

/** Ledger, wallet, projector and audit log, opened. */
export interface OpenStorage {
  ledger: Ledger;
  /** Resolves once the records are on disk. */
  audit(records: readonly AuditRecord[]): Promise<void>;
  /**
   * Resolves once the index has applied the block, or has had its time to do so. So does a refusal for what another
   * write has done: whoever looks for that then finds it. Where the index had not the time, or what is NOT_UNIQUE may be in
   * private data that is missing, that is a CONFLICT, to be tried again.
   */
  submit(
    identity: IdentityRef,
    commands: readonly Command[],
    audit?: readonly AuditRecord[],
  ): Promise<AppliedReceipt>;
  /** How far the index is now, and what is missing in it. */
  standing(): Promise<Standing>;
  /** Resolves once the index has applied what the ledger has now. */
  ready(): Promise<void>;
  enroll(mspId: string, role: Role, pseudonym?: string): Promise<IdentityRef>;
  close(): Promise<void>;
}

/** What a test puts in the place of what a process opens by itself. */
export interface StorageParts {
  openLedger?: (settings: LedgerAccessSettings, wallet: Wallet) => Promise<LedgerAccess>;
  /** Milliseconds that ledger and index have before a write is answered though the index has not applied it (202). */
  applyWithin?: number;
  /** Told of what an operator must look at; a line on standard error by default. */
  alarm?: ProjectorOptions['alarm'];
  /** See ProjectorDeps. */
  waits?: readonly [first: number, most: number];
}

const APPLY_WITHIN = 30_000;
/** Milliseconds that the ledger has to say its height. */
const HEIGHT_WITHIN = 5_000;

/** What stands against a command may be in a block that the ledger has, and the index has not applied yet. */
const OVERTAKEN: readonly LedgerErrorCode[] = ['NOT_UNIQUE', 'EXISTS', 'STALE', 'NOT_FOUND'];

/** Opens everything that is written to disk, and begins to follow the ledger. Rejects with what is wrong. */
export async function openStorage(config: StorageConfig, parts: StorageParts = {}): Promise<OpenStorage> {
  const { dataDir, indexUrl, masterSecret: secret, fhirBase, policyUris, mspIds } = config;
  const { openLedger = openLedgerAccess, applyWithin = APPLY_WITHIN, waits, alarm = writeAlarm } = parts;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const stores = storesOf(config);
  const wallet = await openWallet({ url: stores.wallet, secret });
  const access = await openLedger(config, wallet);
  const { ledger } = access;
  const enroll = async (mspId: string, role: Role, pseudonym?: string): Promise<IdentityRef> => {
    const identity = await access.issue(mspId, { role, ...(pseudonym !== undefined && { pseudonym }) });
    await wallet.put(identity);
    return { mspId, pseudonym: identity.pseudonym };
  };
  // Whoever asks a peer for blocks has a certificate, and so has whoever registers people.
  for (const mspId of mspIds) {
    const operator = operatorOf(mspId);
    if (!(await wallet.get(operator))) await enroll(mspId, 'hr', operator.pseudonym);
  }

  const { indexChanges } = config;
  const parameters = await readOwnParameters(config.searchParameters);
  useSearchParameters(parameters);
  const writer = await openIndexWriter({
    url: stores.index,
    parameters: signaturesOf(parameters),
    ...(indexChanges && { changes: new Changes(indexChanges) }),
  });
  const index = await openIndexReader({ url: stores.index, fhirBase });
  const auditLog = await openAuditLog({ url: stores.audit, clock: Date.now });
  const [own = ''] = mspIds;
  const anchors = new Anchors(auditLog, ledger, own);
  const append = async (records: readonly AuditRecord[]): Promise<void> => {
    await auditLog.append(records);
    anchors.noticed();
  };
  const lease = openProjectionLease({ url: stores.index });
  // Only a database that replicas share is written by another process.
  const progress = new Progress(
    isPostgres(indexUrl) ? (block, signal) => index.waitFor(block, signal) : undefined,
  );
  const projector = new Projector({
    ...{ ledger, writer, reader: index, lease, progress, purge: purgeOf(ledger, own) },
    options: { index, fhirBase, policyUris, alarm, labeller: createLabeller(config.labels) },
    ...(waits && { waits }),
  });
  projector.start();

  return {
    ledger,
    enroll,
    async submit(identity, commands, audit) {
      const deadline = performance.now() + applyWithin;
      // What the ledger took is the index's loss, but for a moment.
      const left = () => Math.max(deadline - performance.now(), applyWithin / 6);
      try {
        const receipt = await ledger.submit(identity, commands);
        const applied = await progress.came(receipt.block, left());
        const missing = (await index.parked()).some(({ txId }) => txId === receipt.txId);
        const audited = audit !== undefined && applied && !missing;
        if (audited) await append(audit);
        return { ...receipt, applied, missing, audited };
      } catch (error) {
        if (error instanceof LedgerError && OVERTAKEN.includes(error.code)) {
          const height = await inTime(ledger.height());
          // Who looked without finding it would write it a second time.
          const seen = height !== undefined && (await progress.came(height - 1, left()));
          const whole = error.code !== 'NOT_UNIQUE' || (await index.parked()).length === 0;
          if (!seen || !whole) throw new LedgerError('CONFLICT');
        }
        throw error;
      }
    },
    standing: () => standingOf(ledger, index),
    async ready() {
      if (!(await progress.came((await ledger.height()) - 1))) throw new Error('the storage is closed');
    },
    audit: append,
    async close() {
      await anchors.write().catch(() => undefined);
      progress.close();
      await projector.stop();
      await lease.close();
      await access.close();
      await auditLog.close();
      await writer.close();
      await index.close();
      await wallet.close();
    },
  };
}

/** What the peer has is not all that there is while blocks do not reach it: the ordering service is asked as well. */
async function standingOf(ledger: Pick<Ledger, 'height' | 'newest'>, index: IndexReader): Promise<Standing> {
  const [had, ordered] = await Promise.all([inTime(ledger.height()), inTime(ledger.newest())]);
  const height = had === undefined || ordered === undefined ? undefined : Math.max(had, ordered);
  // In this order: of a block that is applied between the two, what is missing is known.
  const applied = await index.position();
  return { applied, ...missingIn(await index.parked()), ...(height !== undefined && { height }) };
}

/** Undefined when the ledger does not say in time. */
async function inTime(height: Promise<number>): Promise<number | undefined> {
  const done = new AbortController();
  try {
    return await Promise.race([
      height.catch(() => undefined),
      setTimeout(HEIGHT_WITHIN, undefined, { signal: done.signal }),
    ]);
  } finally {
    done.abort();
  }
}
