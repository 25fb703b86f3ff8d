import { LedgerError, type Ledger } from '@fhir-fabric-gateway/chaincode/api';
import type { IndexReader, IndexWriter, ProjectionLease } from '../index-store/port.ts';
import { Applier } from './applier.ts';
import { Backoff } from './backoff.ts';
import { causeOf } from './cause-of.ts';
import type { PurgeLeftover } from './leftover-keys.ts';
import type { ProjectorOptions } from './project-block.ts';
import type { Progress } from './progress.ts';
import { Upkeep } from './upkeep.ts';

export interface ProjectorDeps {
  ledger: Pick<Ledger, 'blocks' | 'block' | 'height'>;
  writer: IndexWriter;
  reader: Pick<IndexReader, 'parked' | 'erasedWithKeys' | 'recordKeys'>;
  /** At most one process projects. */
  lease: ProjectionLease;
  /** Told of each block that is applied. */
  progress: Progress;
  purge: PurgeLeftover;
  options: ProjectorOptions;
  /** Milliseconds, the first and the longest wait before something is tried again. */
  waits?: readonly [first: number, most: number];
}

const WAITS = [250, 30_000] as const;

/**
 * Follows the ledger from where the index stopped and applies each block together with its number, in one transaction:
 * a crash in between repeats a block or finds it done, and never skips one. Whatever stops it (the ledger or the database
 * out of reach, the lease lost, a block that can't be applied) it tries again, from where the index stands by then.
 */
export class Projector {
  readonly #deps: ProjectorDeps;
  readonly #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #trouble: unknown;
  /** Causes that were said since the index last kept up. */
  readonly #said = new Set<string>();

  constructor(deps: ProjectorDeps) {
    this.#deps = deps;
  }

  /** Why it does not project now; undefined while it does, or while another process does. */
  get trouble(): unknown {
    return this.#trouble;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Finishes the block under way. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { lease } = this.#deps;
    const backoff = new Backoff(...(this.#deps.waits ?? WAITS));
    const stop = this.#stop.signal;
    while (!stop.aborted) {
      try {
        const held = await lease.acquire(stop);
        try {
          await this.#project(AbortSignal.any([stop, held.lost]), backoff);
        } finally {
          await held.release();
        }
      } catch (error) {
        if (stop.aborted) return;
        this.#complain(error);
      }
      if (!stop.aborted) await backoff.wait(stop);
    }
  }

  /** Once for each cause: a ledger that can't be reached is said elsewhere, and is nothing to look at here. */
  #complain(error: unknown): void {
    this.#trouble = error;
    const cause = causeOf(error);
    if (this.#said.has(cause) || (error instanceof LedgerError && error.code === 'UNAVAILABLE')) return;
    this.#said.add(cause);
    this.#deps.options.alarm(`the projector stopped: ${cause}`, { block: -1, txId: '' });
  }

  /** Projects until the signal is aborted, or something fails. */
  async #project(signal: AbortSignal, backoff: Backoff): Promise<void> {
    const { ledger, writer, reader, progress, options } = this.#deps;
    const applier = await Applier.open(writer, reader, options);
    progress.reached(applier.position);
    const behind = (await ledger.height()) - 1;
    const ended = new AbortController();
    const upkeep = new Upkeep(
      { waits: WAITS, ...this.#deps },
      applier,
      AbortSignal.any([signal, ended.signal]),
    );
    const caughtUp = () => {
      this.#trouble = undefined;
      this.#said.clear();
      upkeep.caughtUp();
    };
    if (applier.position >= behind) caughtUp();
    try {
      for await (const block of ledger.blocks(applier.position + 1, signal)) {
        await applier.apply(block);
        backoff.reset();
        progress.reached(block.number);
        if (block.number >= behind) caughtUp();
      }
    } finally {
      ended.abort();
      await upkeep.ended();
    }
  }
}
