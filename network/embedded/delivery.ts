import type { LedgerBlock, LedgerTransaction, PrivateWrite } from '@fhir-fabric-gateway/chaincode/api';
import { decodeOutcomes } from '../submit/errors.ts';
import { openData, type BlockTransaction } from './block.ts';
import { countPrivateWrites, type BlockStore, type PrivateRow } from './block-store.ts';
import { hashHex } from './hash.ts';
import type { HashedWrite } from './read-write-set.ts';

/** Delivers blocks with their private data, as an organisation's own peer does. */
export class Delivery {
  readonly #blocks: BlockStore;
  readonly #height: () => number;
  readonly #missing: ((key: string) => boolean) | undefined;
  readonly #waiting = new Set<() => void>();
  #closed = false;

  /** `missing`: see `Faults`. */
  constructor(blocks: BlockStore, height: () => number, missing?: (key: string) => boolean) {
    this.#blocks = blocks;
    this.#height = height;
    this.#missing = missing;
  }

  /** Wakes whoever waits for the next block. */
  wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  /** Ends all deliveries. */
  close(): void {
    this.#closed = true;
    this.wake();
  }

  /** See `Ledger.blocks`. */
  async *blocks(from: number, signal: AbortSignal): AsyncGenerator<LedgerBlock, void, undefined> {
    for (let number = from; ; number += 1) {
      while (number >= this.#height() && !signal.aborted && !this.#closed) await this.#next(signal);
      if (signal.aborted || this.#closed) return;
      yield this.read(number);
    }
  }

  /** One block that is there. Throws a RangeError when it is not. */
  read(number: number): LedgerBlock {
    const stored = this.#blocks.read(number);
    if (!stored) throw new RangeError(`there is no block ${number}`);
    const data = openData(stored.data);
    const rows = this.#blocks.privateRows(stored.firstPrivate, countPrivateWrites(data));
    let id = stored.firstPrivate;
    return {
      number,
      transactions: data.transactions.map((transaction, index): LedgerTransaction => {
        const valid = transaction.code === 'VALID';
        const first = id;
        if (valid) id += transaction.set.privateWrites.length;
        const writes = valid
          ? transaction.set.privateWrites.map((write, at) => this.#write(write, rows.get(first + at)))
          : [];
        return {
          txId: transaction.txId,
          index,
          time: transaction.proposal.time,
          creator: { mspId: transaction.proposal.mspId, certificate: transaction.proposal.certificate },
          valid,
          outcomes: outcomes(transaction),
          writes,
          ...(writes.some(({ effect }) => effect === 'missing') && {
            reads: transaction.set.privateReads.map(([keyHash]) => hashHex(keyHash)),
          }),
        };
      }),
    };
  }

  #write(write: HashedWrite, row: PrivateRow | undefined): PrivateWrite {
    const keyHash = hashHex(write.key);
    const { effect } = write;
    if (effect === 'purge') return { keyHash, effect };
    const there = row && !this.#missing?.(row.key) ? row : undefined;
    if (effect === 'delete') return { ...(there && { key: there.key }), keyHash, effect };
    return there?.value
      ? { key: there.key, keyHash, effect, value: there.value }
      : { keyHash, effect: 'missing' };
  }

  async #next(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const wake = () => {
        this.#waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#waiting.add(wake);
      signal.addEventListener('abort', wake);
    });
  }
}

function outcomes({ response }: BlockTransaction): LedgerTransaction['outcomes'] {
  return decodeOutcomes(Buffer.from(response, 'base64url'));
}
