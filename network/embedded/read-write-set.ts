import { hashText } from './hash.ts';

/** Where a key was last written: block and transaction. null: the key is absent, which is a version too. */
export type Version = readonly [block: number, transaction: number] | null;

export type PrivateEffect = { effect: 'put'; value: Uint8Array } | { effect: 'delete' } | { effect: 'purge' };

/** What one invocation read and wrote, with the private data that a block does not carry. */
export interface ReadWriteSet {
  publicReads: ReadonlyMap<string, Version>;
  /** undefined deletes. */
  publicWrites: ReadonlyMap<string, Uint8Array | undefined>;
  privateReads: ReadonlyMap<string, Version>;
  privateWrites: ReadonlyMap<string, PrivateEffect>;
}

/** A private write as a block has it. */
export interface HashedWrite {
  /** SHA-256 of the key, base64url. */
  key: string;
  effect: 'put' | 'delete' | 'purge';
  /** SHA-256 of the value, base64url; for a put. */
  value?: string;
}

/** The read-write set as a block has it, sorted by key (or its hash). Byte strings are base64url. */
export interface HashedReadWriteSet {
  publicReads: readonly (readonly [key: string, version: Version])[];
  publicWrites: readonly (readonly [key: string, value: string | null])[];
  privateReads: readonly (readonly [keyHash: string, version: Version])[];
  privateWrites: readonly HashedWrite[];
}

/** A read-write set for the block, and its private writes in the block's order. */
export interface HashedResult {
  hashed: HashedReadWriteSet;
  /** `privateWrites` of the block, with key and value, in the same order. */
  privateData: readonly (readonly [key: string, effect: PrivateEffect])[];
}

const byFirst = (a: readonly [string, unknown], b: readonly [string, unknown]) =>
  a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;

/** Replaces private keys and values by their hashes. Equal sets give equal results, whatever the order of the calls. */
export function hashReadWriteSet(set: ReadWriteSet): HashedResult {
  const writes = [...set.privateWrites].map(([key, effect]) => [hashText(key), key, effect] as const);
  writes.sort((a, b) => byFirst([a[0], null], [b[0], null]));
  return {
    hashed: {
      publicReads: [...set.publicReads].sort(byFirst),
      publicWrites: [...set.publicWrites]
        .map(([key, value]) => [key, value ? Buffer.from(value).toString('base64url') : null] as const)
        .sort(byFirst),
      privateReads: [...set.privateReads]
        .map(([key, version]) => [hashText(key), version] as const)
        .sort(byFirst),
      privateWrites: writes.map(([keyHash, , effect]) => ({
        key: keyHash,
        effect: effect.effect,
        ...(effect.effect === 'put' ? { value: hashText(effect.value) } : {}),
      })),
    },
    privateData: writes.map(([, key, effect]) => [key, effect] as const),
  };
}
