import {
  decodeValue,
  type LedgerBlock,
  type LedgerTransaction,
  type LedgerValue,
} from '@fhir-fabric-gateway/chaincode/api';
import type { IndexReader, IndexTransaction } from '../index-store/port.ts';
import { checkGrants, consentsOf } from './check-grants.ts';
import { ownersOfTargets } from './owners.ts';
import { projectEntry } from './project-entry.ts';

export interface ProjectorOptions {
  /** Reads what the blocks before this one left. */
  index: IndexReader;
  fhirBase: string;
  /** As the gateway that writes: Services.policyUris. */
  policyUris: readonly string[];
  /** Told of what contradicts itself, and of private data that is missing: an operator must look. */
  alarm: (what: string, where: { block: number; txId: string; name?: string }) => void;
}

/** Private data that did not come with its block: key hash → where. */
export type MissingData = Map<string, { block: number; txId: string }>;

/**
 * Applies one block: every entry is derived again from its content, and what does not match its metadata is set aside,
 * so that a gateway that lies to the ledger is not believed by the others.
 */
export async function projectBlock(
  block: LedgerBlock,
  tx: IndexTransaction,
  missing: MissingData,
  options: ProjectorOptions,
): Promise<void> {
  for (const transaction of block.transactions) {
    if (transaction.valid) await projectTransaction(block.number, transaction, tx, missing, options);
  }
}

async function projectTransaction(
  block: number,
  transaction: LedgerTransaction,
  tx: IndexTransaction,
  missing: MissingData,
  options: ProjectorOptions,
): Promise<void> {
  const where = { block, txId: transaction.txId };
  const values: { keyHash: string; key: string; value: LedgerValue }[] = [];
  for (const { key, keyHash, effect, value } of transaction.writes) {
    if (effect === 'missing') {
      missing.set(keyHash, where);
    } else if (effect !== 'put') {
      missing.delete(keyHash);
      await forget(keyHash, tx);
    } else if (key !== undefined && value && key.includes('/') && !key.startsWith('version/')) {
      const decoded = decode(value);
      if (decoded) values.push({ key, keyHash, value: decoded });
      else options.alarm('a value that cannot be decoded', where);
    }
  }

  const resolve = await ownersOfTargets(
    values.map(({ value }) => value),
    options.index,
    options.fhirBase,
  );
  const consents = consentsOf(
    values.map(({ value }) => value),
    { base: options.fhirBase, policyUris: options.policyUris },
  );
  for (const { key, keyHash, value } of values) {
    switch (value.kind) {
      case 'record': {
        const { patient, home, owner, status } = value;
        await tx.putRecord({ patient, home, status, ...(owner !== undefined && { owner }) });
        if (status === 'erased') await dropRecord(patient, tx, options.index);
        break;
      }
      case 'entry':
        await projectEntry(value, { ...where, transaction: transaction.index }, tx, resolve, options);
        break;
      case 'grant': {
        await tx.rememberKey(keyHash, key, `grant/${value.patient}/${value.grantee}`);
        const checked = await checkGrants(value.patient, value.consents, value.grantee, consents, options);
        for (const name of checked.refused)
          options.alarm('a grant contradicts its Consent', { ...where, name });
        await tx.putGrants(value.patient, value.grantee, checked.rules);
        break;
      }
      case 'privacy': {
        await tx.rememberKey(keyHash, key, `privacy/${value.patient}`);
        const checked = await checkGrants(value.patient, value.consents, 'privacy', consents, options);
        for (const name of checked.refused)
          options.alarm('a privacy rule contradicts its Consent', { ...where, name });
        await tx.putPrivacy(value.patient, checked.rules);
        break;
      }
      case 'identity':
      case 'organisation':
      case 'unique':
        break;
    }
  }
}

function decode(value: Uint8Array): LedgerValue | undefined {
  try {
    return decodeValue(value);
  } catch {
    return undefined;
  }
}

/** What the ledger has erased goes from the index as well. Nothing is written to a record while it is being erased. */
async function dropRecord(patient: string, tx: IndexTransaction, index: IndexReader): Promise<void> {
  const { entries, grantees } = await index.recordKeys(patient);
  for (const { type, id } of entries) await tx.purgeEntry(type, id);
  for (const grantee of grantees) await tx.purgeGrants(patient, grantee);
  await tx.purgePrivacy(patient);
}

/** A delete or purge names a hash; only grants and privacy outlive it in the index, entries go with their record. */
async function forget(keyHash: string, tx: IndexTransaction): Promise<void> {
  const known = await tx.keyOf(keyHash);
  if (!known) return;
  const [kind, patient = '', ...grantee] = known.name.split('/');
  if (kind === 'grant') await tx.purgeGrants(patient, grantee.join('/'));
  if (kind === 'privacy') await tx.purgePrivacy(patient);
  await tx.forgetKey(keyHash);
}
