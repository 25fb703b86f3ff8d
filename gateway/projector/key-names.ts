import type { LedgerValue } from '@fhir-fabric-gateway/chaincode/api';
import type { IndexTransaction } from '../index-store/port.ts';

/**
 * What a key of the ledger stands for, in words: the index keeps it under the key's hash, since a purge names nothing
 * else. Undefined for keys of which the index keeps nothing.
 */
export function keyName(key: string, value: LedgerValue): string | undefined {
  switch (value.kind) {
    case 'entry': {
      const name = `${value.type}/${value.id}`;
      return key.startsWith('version/') ? `version/${name}/${value.version}` : `entry/${name}`;
    }
    case 'record':
      return `record/${value.patient}`;
    case 'grant':
      return `grant/${value.patient}/${value.grantee}`;
    case 'privacy':
      return `privacy/${value.patient}`;
    case 'identity':
    case 'organisation':
    case 'unique':
      return undefined;
  }
}

/** The patient whose record a key by itself is about: of entries it does not tell. */
export function patientOfKey(name: string): string | undefined {
  const [kind, patient] = name.split('/');
  return kind === 'record' || kind === 'grant' || kind === 'privacy' ? patient : undefined;
}

/** What stood under keys that were deleted or purged leaves the index with them. */
export async function forgetKeys(keyHashes: readonly string[], tx: IndexTransaction): Promise<void> {
  if (keyHashes.length === 0) return;
  const names = await tx.namesOf(keyHashes);
  const keys = [...names.values()].map((name) => name.split('/'));
  const entries = keys.filter(([kind]) => kind === 'entry');
  if (entries.length > 0) await tx.purgeEntries(entries.map(([, type = '', id = '']) => ({ type, id })));
  for (const [kind, first = '', second = '', ...rest] of keys) {
    if (kind === 'version') await tx.purgeVersion(first, second, Number(rest[0]));
    if (kind === 'grant') await tx.purgeGrants(first, [second, ...rest].join('/'));
    if (kind === 'privacy') await tx.purgePrivacy(first);
  }
  for (const keyHash of names.keys()) await tx.forgetKey(keyHash);
}
