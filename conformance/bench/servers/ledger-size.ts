import type { Target } from '../target/target.ts';
import { npmRun } from './npm.ts';

/** What `npm run ledger -- size` says. */
interface Size {
  blockBytes: number;
  values: Record<string, { count: number; bytes: number; keyBytes: number }>;
}

/** Bytes that a ledger holds. */
export interface LedgerBytes {
  /** Private values, their number, and the keys that they are kept under. */
  values: number;
  count: number;
  keys: number;
  blocks: number;
}

/** What the embedded ledger of a gateway on this machine holds now. Rejects when it has none. */
export async function ledgerBytes({ dataDir }: Target): Promise<LedgerBytes> {
  if (dataDir === undefined) throw new Error('the ledger of a server whose data folder is not known');
  const said = await npmRun('ledger', ['size'], { DATA_DIR: dataDir });
  const { blockBytes, values } = JSON.parse(said) as Size;
  const sum = (of: 'bytes' | 'count' | 'keyBytes') =>
    Object.values(values).reduce((total, kind) => total + kind[of], 0);
  return { values: sum('bytes'), count: sum('count'), keys: sum('keyBytes'), blocks: blockBytes };
}

/** What some work added to it. */
export async function added(target: Target, work: () => Promise<unknown>): Promise<LedgerBytes> {
  const before = await ledgerBytes(target);
  await work();
  const after = await ledgerBytes(target);
  return {
    values: after.values - before.values,
    count: after.count - before.count,
    keys: after.keys - before.keys,
    blocks: after.blocks - before.blocks,
  };
}
