import {
  decodeValue,
  type GrantValue,
  type LedgerBlock,
  type LedgerTransaction,
  type LedgerValue,
  type PrivacyValue,
} from '@fhir-fabric-gateway/chaincode/api';
import type { Labeller } from '@fhir-fabric-gateway/mappings';
import type { IndexReader, IndexTransaction } from '../index-store/port.ts';
import { checkGrants, consentsOf } from './check-grants.ts';
import { forgetKeys, keyName } from './key-names.ts';
import { ownersOfTargets } from './owners.ts';
import type { Parking } from './parking.ts';
import type { Place } from './place.ts';
import { judgeEntry } from './judge-entry.ts';
import { whomItMayConcern } from './whom.ts';

export interface ProjectorOptions {
  /** Reads what the blocks before this one left. */
  index: Pick<IndexReader, 'get' | 'record'>;
  fhirBase: string;
  /** As the gateway that writes: Services.policyUris. */
  policyUris: readonly string[];
  /** Labels that rules look at besides those in the content. */
  labeller: Labeller;
  /** Told of what contradicts itself: an operator must look. `name` is a resource's `Type/id`. */
  alarm: (what: string, where: { block: number; txId: string; name?: string }) => void;
}

/** What a block is applied to. */
export interface Projection {
  tx: IndexTransaction;
  /** What waits for private data. */
  parking: Parking;
  options: ProjectorOptions;
  /** A record is erased. */
  erased?: () => void;
}

/** A value that a transaction put, under its key. */
interface Put {
  key: string;
  keyHash: string;
  value: LedgerValue;
}

/** A place, with the transaction that is there. */
type Where = Place & { txId: string };

/**
 * Applies one block: every entry is derived again from its content, and what does not match its metadata is set aside,
 * so that a gateway that lies to the ledger is not believed by the others. Private data that is missing is parked.
 */
export async function projectBlock(block: LedgerBlock, projection: Projection): Promise<void> {
  for (const transaction of block.transactions) {
    if (!transaction.valid) continue;
    const where = { block: block.number, transaction: transaction.index, txId: transaction.txId };
    await parkMissing(transaction, where, projection);
    const gone = transaction.writes.filter(({ effect }) => effect === 'delete' || effect === 'purge');
    for (const { keyHash } of gone) await projection.parking.superseded(projection.tx, keyHash, where);
    await forgetKeys(
      gone.map(({ keyHash }) => keyHash),
      projection.tx,
    );
    const puts = putsOf(transaction, where, projection);
    await applyPuts(puts, puts, where, projection);
  }
}

/**
 * Applies what was parked of a transaction and has come since: of a block that was read again. Values that a later
 * transaction replaced are no longer parked; versions of an entry go where they belong.
 */
export async function projectLate(block: LedgerBlock, place: Place, projection: Projection): Promise<void> {
  const transaction = block.transactions.find(({ index }) => index === place.transaction);
  if (!transaction?.valid) return;
  const where = { block: block.number, transaction: transaction.index, txId: transaction.txId };
  const parked = new Set(
    projection.parking.rows
      .filter((row) => row.block === where.block && row.transaction === where.transaction)
      .map(({ keyHash }) => keyHash),
  );
  const puts = putsOf(transaction, where, projection);
  const come = puts.filter(({ keyHash }) => parked.has(keyHash));
  await applyPuts(come, puts, where, projection);
}

async function parkMissing(
  transaction: LedgerTransaction,
  where: Where,
  { tx, parking }: Projection,
): Promise<void> {
  const missing = transaction.writes.filter(({ effect }) => effect === 'missing');
  if (missing.length === 0) return;
  const patients = await whomItMayConcern(transaction, tx, parking);
  for (const { keyHash } of missing) {
    await parking.park(tx, { ...where, keyHash, ...(patients && { patients }) });
  }
}

function putsOf({ writes }: LedgerTransaction, where: Where, { options }: Projection): Put[] {
  return writes.flatMap(({ key, keyHash, effect, value }): Put[] => {
    // The ledger's own secret has a key without a kind.
    if (effect !== 'put' || !value || !key?.includes('/')) return [];
    const decoded = decode(value);
    if (!decoded) options.alarm('a value that cannot be decoded', { block: where.block, txId: where.txId });
    return decoded ? [{ key, keyHash, value: decoded }] : [];
  });
}

function decode(value: Uint8Array): LedgerValue | undefined {
  try {
    return decodeValue(value);
  } catch {
    return undefined;
  }
}

/** Applies some of the values that a transaction put; `all` are those by which they are judged besides. */
async function applyPuts(
  puts: readonly Put[],
  all: readonly Put[],
  where: Where,
  projection: Projection,
): Promise<void> {
  if (puts.length === 0) return;
  const { tx, parking, options, erased } = projection;
  const current = all.filter(({ key }) => !key.startsWith('version/')).map(({ value }) => value);
  const resolve = await ownersOfTargets(current, options.index);
  const consents = consentsOf(current, { policyUris: options.policyUris });
  for (const { key, keyHash, value } of puts) {
    const name = keyName(key, value);
    if (name !== undefined) await tx.rememberKey(keyHash, key, name);
    // A version was an entry's value once, and was applied as such, or is parked there.
    if (key.startsWith('version/')) {
      await parking.applied(tx, { ...where, keyHash });
      continue;
    }
    switch (value.kind) {
      case 'record': {
        const { patient, home, owner, status } = value;
        await tx.putRecord({ patient, home, status, ...(owner !== undefined && { owner }) });
        await parking.superseded(tx, keyHash, where);
        if (status === 'erased') erased?.();
        break;
      }
      case 'entry': {
        const waitsFor = await judgeEntry(value, where, resolve, projection);
        if (waitsFor === undefined) await parking.applied(tx, { ...where, keyHash });
        else await parking.wait(tx, { ...where, keyHash, patients: [waitsFor] });
        break;
      }
      case 'grant':
      case 'privacy':
        await applyRules(value, keyHash, consents, where, projection);
        break;
      case 'identity':
      case 'organisation':
      case 'unique':
        await parking.superseded(tx, keyHash, where);
        break;
    }
  }
}

/** Puts the rules in force that Consents say; where the others may belong to a Consent that is missing, they wait for it. */
async function applyRules(
  value: GrantValue | PrivacyValue,
  keyHash: string,
  consents: Parameters<typeof checkGrants>[3],
  where: Where,
  { tx, parking, options }: Projection,
): Promise<void> {
  const { patient } = value;
  const grantee = value.kind === 'grant' ? value.grantee : 'privacy';
  const { rules, refused } = await checkGrants(patient, value.consents, grantee, consents, options);
  if (value.kind === 'grant') await tx.putGrants(patient, value.grantee, rules);
  else await tx.putPrivacy(patient, rules);
  await parking.superseded(tx, keyHash, where);
  if (refused.length > 0 && parking.mayExplain(patient, where)) {
    await parking.wait(tx, { ...where, keyHash, patients: [patient] });
    return;
  }
  if (refused.length === 0) return;
  // Of an erased record the Consents are gone, and its rules are nobody's.
  const record = await options.index.record(patient);
  if (record && record.status !== 'open') return;
  const what = value.kind === 'grant' ? 'a grant' : 'a privacy rule';
  const { block, txId } = where;
  for (const name of refused) options.alarm(`${what} contradicts its Consent`, { block, txId, name });
}
