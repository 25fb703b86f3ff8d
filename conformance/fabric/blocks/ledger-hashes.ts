import type { Field } from './fields.ts';

/** What a block says of private data: hashes, hexadecimal. */
export interface PrivateHashes {
  /** Of the keys that were read or written. */
  keys: Set<string>;
  /** Of every value that was written, in order. */
  values: string[];
}

const IN_COLLECTION = 'results.namespace.collection.hashed.';
const EMPTY = 0;

/** The hashes of private keys and values among a transaction's fields. */
export function privateHashes(fields: readonly Field[]): PrivateHashes {
  const found: PrivateHashes = { keys: new Set(), values: [] };
  for (const { path, value } of fields) {
    if (!path.includes(IN_COLLECTION) || typeof value === 'number') continue;
    if (path.endsWith('.keyHash')) found.keys.add(value.toString('hex'));
    // A deletion has none.
    if (path.endsWith('.valueHash') && value.length > EMPTY) found.values.push(value.toString('hex'));
  }
  return found;
}
