import { hash } from 'node:crypto';
import { LedgerError } from '@fhir-fabric-gateway/chaincode/api';
import { TransientFailure } from '../submit/errors.ts';
import { UnsupportedError } from './errors.ts';
import type { PrivateEffect, ReadWriteSet, Version } from './read-write-set.ts';
import type { KeyIterator, PeerHandler } from './shim.ts';

/** The collection of private data; the contract has this one. */
export const COLLECTION = 'ehr';

/** A committed value and the version it has. */
export interface Versioned {
  value: Uint8Array;
  version: readonly [block: number, transaction: number];
}

/** Committed state, as simulations read it. */
export interface CommittedState {
  /** Number of blocks. */
  height(): number;
  getPublic(key: string): Versioned | undefined;
  getPrivate(key: string): Versioned | undefined;
  /** From `start` (included) to `end` (excluded; '' for no end), ordered by the keys' UTF-8 bytes. */
  privateRange(start: string, end: string): (Versioned & { key: string })[];
}

const NOTHING = Buffer.alloc(0);

/**
 * The peer's side of one invocation: reads answer from committed state only, never from the transaction's own writes,
 * and reads and writes are recorded.
 */
export class Simulation implements PeerHandler {
  readonly #state: CommittedState;
  readonly #height: number;
  readonly #limit: number;
  readonly #missing: ((key: string) => boolean) | undefined;
  #failure: Error | undefined;
  #bytes = 0;
  #ranged = false;
  readonly #publicReads = new Map<string, Version>();
  readonly #publicWrites = new Map<string, Uint8Array | undefined>();
  readonly #privateReads = new Map<string, Version>();
  readonly #privateWrites = new Map<string, PrivateEffect>();

  /** `limit`: bytes that the transaction may write. `missing`: keys whose value is to be treated as not arrived. */
  constructor(state: CommittedState, limit: number, missing?: (key: string) => boolean) {
    this.#state = state;
    this.#height = state.height();
    this.#limit = limit;
    this.#missing = missing;
  }

  /** What was read and written so far. */
  result(): ReadWriteSet {
    return {
      publicReads: this.#publicReads,
      publicWrites: this.#publicWrites,
      privateReads: this.#privateReads,
      privateWrites: this.#privateWrites,
    };
  }

  /** The first failure that was the ledger's and not the contract's; the contract may have hidden it. */
  failure(): Error | undefined {
    return this.#failure;
  }

  async handleGetState(collection: string, key: string): Promise<Uint8Array> {
    const found = this.#read(collection, key);
    return found ? Buffer.from(found.value) : NOTHING;
  }

  async handleGetPrivateDataHash(collection: string, key: string): Promise<Uint8Array> {
    const found = this.#read(collection, key);
    return found ? hash('sha256', found.value, 'buffer') : NOTHING;
  }

  async handlePutState(collection: string, key: string, value: Uint8Array): Promise<void> {
    this.#beforeWrite(collection, key);
    // Fabric would take it for a deletion.
    if (value.length === 0) throw new UnsupportedError('an empty value');
    this.#bytes += value.length;
    if (this.#bytes > this.#limit) throw this.#fail(new LedgerError('TOO_LARGE'));
    const copy = Buffer.from(value);
    if (collection === '') this.#publicWrites.set(key, copy);
    else this.#privateWrites.set(key, { effect: 'put', value: copy });
  }

  async handleDeleteState(collection: string, key: string): Promise<void> {
    this.#beforeWrite(collection, key);
    if (collection === '') this.#publicWrites.set(key, undefined);
    else this.#privateWrites.set(key, { effect: 'delete' });
  }

  async handlePurgeState(collection: string, key: string): Promise<void> {
    this.#beforeWrite(collection, key);
    this.#privateWrites.set(key, { effect: 'purge' });
  }

  async handleGetStateByRange(
    collection: string,
    start: string,
    end: string,
  ): Promise<{ iterator: KeyIterator }> {
    if (collection === '') throw new UnsupportedError('getStateByRange');
    this.#check(collection);
    if (this.#publicWrites.size + this.#privateWrites.size > 0) {
      throw new Error('a query on private data is supported only in a read-only transaction');
    }
    this.#ranged = true;
    const rows = this.#state.privateRange(start, end);
    for (const row of rows) this.#privateReads.set(row.key, row.version);
    const remaining = rows[Symbol.iterator]();
    return {
      iterator: {
        next: async () => {
          const { done, value } = remaining.next();
          if (done) return { done: true };
          return { done: false, value: { namespace: '', key: value.key, value: Buffer.from(value.value) } };
        },
        close: async () => undefined,
      },
    };
  }

  handleGetQueryResult = () => unsupported('getQueryResult');
  handleGetHistoryForKey = () => unsupported('getHistoryForKey');
  handleGetStateMetadata = () => unsupported('key-level endorsement policies');
  handlePutStateMetadata = () => unsupported('key-level endorsement policies');
  handleInvokeChaincode = () => unsupported('invokeChaincode');

  #read(collection: string, key: string): Versioned | undefined {
    this.#check(collection);
    const isPublic = collection === '';
    if (!isPublic && this.#missing?.(key)) {
      throw this.#fail(
        new TransientFailure('UNAVAILABLE', 'private data matching public hash version is not available'),
      );
    }
    const found = isPublic ? this.#state.getPublic(key) : this.#state.getPrivate(key);
    (isPublic ? this.#publicReads : this.#privateReads).set(key, found?.version ?? null);
    return found;
  }

  #beforeWrite(collection: string, key: string): void {
    this.#check(collection);
    if (key === '') throw new Error('a key must not be empty');
    if (this.#ranged) throw new Error('a transaction that queried private data must not write');
  }

  #fail(error: Error): Error {
    this.#failure ??= error;
    return error;
  }

  #check(collection: string): void {
    if (collection !== '' && collection !== COLLECTION) throw new Error(`no collection ${collection}`);
    if (this.#state.height() !== this.#height) {
      throw this.#fail(new TransientFailure('CONFLICT', 'a block was committed during the simulation'));
    }
  }
}

async function unsupported(what: string): Promise<never> {
  throw new UnsupportedError(what);
}
