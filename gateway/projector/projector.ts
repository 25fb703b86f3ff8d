import type { Ledger } from '@fhir-fabric-gateway/chaincode/api';
import type { IndexWriter } from '../index-store/port.ts';
import { projectBlock, type MissingData, type ProjectorOptions } from './project-block.ts';

/**
 * Follows the ledger from where the index stopped and applies each block together with its number, in one transaction:
 * a crash in between repeats a block or finds it done, and never skips one.
 */
export class Projector {
  readonly #ledger: Pick<Ledger, 'blocks' | 'height'>;
  readonly #writer: IndexWriter;
  readonly #options: ProjectorOptions;
  readonly #abort = new AbortController();
  readonly #waiting: { block: number; resolve: () => void; reject: (error: unknown) => void }[] = [];
  /** Key hash → where it was written. What a later block purges was not missing. */
  readonly #missing: MissingData = new Map();
  #applied = -1;
  #failure: unknown;
  #running: Promise<void> = Promise.resolve();

  constructor(ledger: Pick<Ledger, 'blocks' | 'height'>, writer: IndexWriter, options: ProjectorOptions) {
    this.#ledger = ledger;
    this.#writer = writer;
    this.#options = options;
  }

  /** Begins to follow. A block that cannot be applied stops it, and fails everyone who waits. */
  async start(): Promise<void> {
    this.#applied = await this.#writer.position();
    this.#running = this.#follow().catch((error: unknown) => {
      this.#failure = error;
      this.#options.alarm(`the projector stopped: ${String(error)}`, { block: this.#applied + 1, txId: '' });
      for (const { reject } of this.#waiting.splice(0)) reject(error);
    });
  }

  /** Resolves once the index has applied this block. */
  waitFor(block: number): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure as Error);
    if (block <= this.#applied) return Promise.resolve();
    return new Promise((resolve, reject) => this.#waiting.push({ block, resolve, reject }));
  }

  #tellMissing(): void {
    for (const where of this.#missing.values()) this.#options.alarm('private data is missing', where);
    this.#missing.clear();
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#running;
  }

  async #follow(): Promise<void> {
    const behind = (await this.#ledger.height()) - 1;
    for await (const block of this.#ledger.blocks(this.#applied + 1, this.#abort.signal)) {
      await this.#writer.block(block.number, (tx) => projectBlock(block, tx, this.#missing, this.#options));
      this.#applied = block.number;
      if (block.number >= behind) this.#tellMissing();
      for (let at = this.#waiting.length - 1; at >= 0; at -= 1) {
        const waiter = this.#waiting[at];
        if (waiter && waiter.block <= block.number) {
          this.#waiting.splice(at, 1);
          waiter.resolve();
        }
      }
    }
  }
}
