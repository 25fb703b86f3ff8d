import type { Ledger } from '@fhir-fabric-gateway/chaincode/api';
import type { IndexReader } from '../index-store/port.ts';
import type { Applier } from './applier.ts';
import { Backoff } from './backoff.ts';
import { causeOf } from './cause-of.ts';
import { purgeLeftovers, type PurgeLeftover } from './leftover-keys.ts';
import type { ProjectorOptions } from './project-block.ts';

export interface UpkeepDeps {
  ledger: Pick<Ledger, 'block'>;
  reader: Pick<IndexReader, 'erasedWithKeys' | 'recordKeys'>;
  purge: PurgeLeftover;
  options: Pick<ProjectorOptions, 'alarm'>;
  /** Milliseconds, the first and the longest wait before something is tried again. */
  waits: readonly [first: number, most: number];
}

/**
 * What is done beside the blocks, once the index has caught up with them: says which private data is missing and fetches it
 * when it has come, and has purged what is left of erased records. What does not work is tried again later.
 */
export class Upkeep {
  readonly #deps: UpkeepDeps;
  readonly #applier: Applier;
  readonly #signal: AbortSignal;
  readonly #said = new Set<string>();
  #leftovers = true;
  #running: Promise<void> | undefined;
  #wake: () => void = () => undefined;

  /** Goes on until the signal is aborted. */
  constructor(deps: UpkeepDeps, applier: Applier, signal: AbortSignal) {
    this.#deps = deps;
    this.#applier = applier;
    this.#signal = signal;
    signal.addEventListener('abort', () => this.#wake());
  }

  /** The index is where the ledger is. To be called after each block from then on; begins with the first call. */
  caughtUp(): void {
    this.#sayMissing();
    if (this.#applier.takeErased()) this.#leftovers = true;
    if (this.#running) {
      if (this.#hasWork()) this.#wake();
    } else this.#running = this.#run();
  }

  /** Resolves when nothing is under way any more. */
  async ended(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    const backoff = new Backoff(...this.#deps.waits);
    while (!this.#signal.aborted) {
      if (!this.#hasWork()) {
        await new Promise<void>((resolve) => (this.#wake = resolve));
        backoff.reset();
        continue;
      }
      try {
        if (await this.#work()) backoff.reset();
      } catch (error) {
        this.#complain(error);
      }
      if (this.#hasWork()) await backoff.wait(this.#signal);
    }
  }

  #hasWork(): boolean {
    return this.#leftovers || this.#applier.parked.length > 0;
  }

  /** Answers whether there is less to do. */
  async #work(): Promise<boolean> {
    const { ledger, reader, purge } = this.#deps;
    const came = this.#applier.parked.length > 0 && (await this.#applier.applyLate(ledger));
    // What came late may be of a record that is erased by now.
    if (came) this.#leftovers = true;
    if (this.#leftovers) {
      // A block that comes meanwhile may leave something again.
      this.#leftovers = false;
      try {
        if ((await purgeLeftovers(reader, purge)) > 0) this.#leftovers = true;
      } catch (error) {
        this.#leftovers = true;
        this.#complain(error);
      }
    }
    return came;
  }

  #sayMissing(): void {
    for (const { block, transaction, txId } of this.#applier.parked) {
      const name = `${block}/${transaction}`;
      if (this.#said.has(name)) continue;
      this.#said.add(name);
      this.#deps.options.alarm('private data is missing', { block, txId });
    }
  }

  #complain(error: unknown): void {
    if (this.#signal.aborted) return;
    const what = `what came late could not be applied or purged: ${causeOf(error)}`;
    if (this.#said.has(what)) return;
    this.#said.add(what);
    this.#deps.options.alarm(what, { block: this.#applier.position, txId: '' });
  }
}
