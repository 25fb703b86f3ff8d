import { decodeValue, encodeValue, valueBytes } from '../api/index.ts';
import type { LedgerValue } from '../api/index.ts';
import { hmacSha256 } from './hmac.ts';
import type { Key, ValueOf } from './keys.ts';
import { COLLECTION, keyNamer, SECRET_KEY } from './names.ts';
import { ask } from './stub.ts';
import type { Stub } from './stub.ts';

type Write = { effect: 'put'; value: LedgerValue } | { effect: 'delete' | 'purge' };

const SALT_BYTES = 16;

/** Bytes that a write puts into the block's private data. A grant carries the rules of every Consent that it holds. */
const writtenBytes = (write: Write): number => (write.effect === 'put' ? valueBytes(write.value) : 0);

function decodeAs<K extends Key>(key: K, bytes: Uint8Array): ValueOf<K> {
  const value = decodeValue(bytes);
  const prefix = key.slice(0, key.indexOf('/'));
  if (value.kind !== (prefix === 'version' ? 'entry' : prefix))
    throw new RangeError('a value of another kind');
  return value as ValueOf<K>;
}

/** What one command has read and wants written; nothing of it counts until it is merged. */
export interface Draft {
  get<K extends Key>(key: K): Promise<ValueOf<K> | undefined>;
  put<K extends Key>(key: K, value: ValueOf<K>): void;
  delete(key: Key): void;
  purge(key: Key): void;
  /** Public state. */
  getPublic(key: string): Promise<string | undefined>;
  putPublic(key: string, value: string): void;
  /** True once the ledger has its secret, or this transaction gives it one. */
  founded(): boolean;
  found(): void;
}

interface Layer {
  writes: Map<Key, Write>;
  publicWrites: Map<string, string>;
  founded: boolean;
}

const emptyLayer = (): Layer => ({ writes: new Map(), publicWrites: new Map(), founded: false });

/**
 * A transaction on Fabric doesn't read its own writes. So the commands of one work through this: a read sees what
 * commands before it wrote, a command's writes are merged only when it succeeded, and all are written once at the end.
 */
export class Overlay {
  readonly #stub: Stub;
  readonly #seed: Uint8Array | undefined;
  readonly #founded: boolean;
  readonly #secret: Uint8Array | undefined;
  readonly #name: (key: Key) => string;
  readonly #committed = new Map<Key, LedgerValue | undefined>();
  readonly #merged = emptyLayer();
  #bytes = 0;

  private constructor(stub: Stub, secret: Uint8Array | undefined, seed: Uint8Array | undefined) {
    this.#stub = stub;
    this.#seed = seed;
    this.#founded = secret !== undefined;
    this.#secret = secret ?? (seed && hmacSha256(seed)('secret'));
    this.#name = this.#secret ? keyNamer(this.#secret) : String;
  }

  /** `seed`: 32 random bytes, fresh for each transaction; none for a query, which then can't write. */
  static async open(stub: Stub, seed?: Uint8Array): Promise<Overlay> {
    const secret = await ask(stub.getPrivateData(COLLECTION, SECRET_KEY));
    return new Overlay(stub, secret?.length ? secret : undefined, seed);
  }

  draft(): Draft & { layer: Layer } {
    const layer = emptyLayer();
    return {
      layer,
      get: (key) => this.#read(layer, key),
      put: (key, value) => void layer.writes.set(key, { effect: 'put', value }),
      delete: (key) => void layer.writes.set(key, { effect: 'delete' }),
      purge: (key) => void layer.writes.set(key, { effect: 'purge' }),
      getPublic: (key) => this.#readPublic(layer, key),
      putPublic: (key, value) => void layer.publicWrites.set(key, value),
      founded: () => this.#founded || this.#merged.founded || layer.founded,
      found: () => void (layer.founded = true),
    };
  }

  /** Takes a command's writes over, unless all together would have more than `limit` bytes: then false. */
  merge({ layer }: { layer: Layer }, limit: number): boolean {
    let bytes = this.#bytes;
    for (const [key, write] of layer.writes) {
      const before = this.#merged.writes.get(key);
      bytes += writtenBytes(write) - (before ? writtenBytes(before) : 0);
    }
    if (bytes > limit) return false;
    this.#bytes = bytes;
    for (const [key, write] of layer.writes) this.#merged.writes.set(key, write);
    for (const [key, value] of layer.publicWrites) this.#merged.publicWrites.set(key, value);
    this.#merged.founded ||= layer.founded;
    return true;
  }

  async flush(): Promise<void> {
    const { writes, publicWrites, founded } = this.#merged;
    if (founded && this.#secret) await ask(this.#stub.putPrivateData(COLLECTION, SECRET_KEY, this.#secret));
    if (writes.size > 0 && !this.#seed) throw new Error('a query writes nothing');
    const salt = hmacSha256(this.#seed ?? new Uint8Array(0));
    for (const [key, write] of writes) {
      const name = this.#name(key);
      if (write.effect === 'put') {
        const bytes = encodeValue(write.value, salt(name).subarray(0, SALT_BYTES));
        await ask(this.#stub.putPrivateData(COLLECTION, name, bytes));
      } else if (write.effect === 'purge') {
        await ask(this.#stub.purgePrivateData(COLLECTION, name));
      } else if (!this.#committed.has(key) || this.#committed.get(key)) {
        await ask(this.#stub.deletePrivateData(COLLECTION, name));
      }
    }
    for (const [key, value] of publicWrites) await ask(this.#stub.putState(key, Buffer.from(value)));
  }

  async #read<K extends Key>(layer: Layer, key: K): Promise<ValueOf<K> | undefined> {
    const write = layer.writes.get(key) ?? this.#merged.writes.get(key);
    if (write) return write.effect === 'put' ? (write.value as ValueOf<K>) : undefined;
    if (this.#committed.has(key)) return this.#committed.get(key) as ValueOf<K> | undefined;
    let value: ValueOf<K> | undefined;
    if (this.#founded) {
      const bytes = await ask(this.#stub.getPrivateData(COLLECTION, this.#name(key)));
      if (bytes?.length) value = decodeAs(key, bytes);
    }
    this.#committed.set(key, value);
    return value;
  }

  async #readPublic(layer: Layer, key: string): Promise<string | undefined> {
    const written = layer.publicWrites.get(key) ?? this.#merged.publicWrites.get(key);
    if (written !== undefined) return written;
    const bytes = await ask(this.#stub.getState(key));
    return bytes?.length ? Buffer.from(bytes).toString() : undefined;
  }
}
