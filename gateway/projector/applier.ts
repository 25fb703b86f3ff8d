import type { Ledger, LedgerBlock } from '@fhir-fabric-gateway/chaincode/api';
import type { IndexReader, IndexTransaction, IndexWriter, ParkedWrite } from '../index-store/port.ts';
import { Parking } from './parking.ts';
import type { Place } from './place.ts';
import { projectBlock, projectLate, type Projection, type ProjectorOptions } from './project-block.ts';

/**
 * The hand that writes the index, while this process is the one that projects: one block after another, and between them
 * what came late. What fails leaves the index as it was.
 */
export class Applier {
  readonly #writer: IndexWriter;
  readonly #options: ProjectorOptions;
  readonly #parking: Parking;
  #position: number;
  #erased = false;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(writer: IndexWriter, options: ProjectorOptions, parking: Parking, position: number) {
    this.#writer = writer;
    this.#options = options;
    this.#parking = parking;
    this.#position = position;
  }

  /** Begins where the index stands. */
  static async open(
    writer: IndexWriter,
    reader: Pick<IndexReader, 'parked'>,
    options: ProjectorOptions,
  ): Promise<Applier> {
    const position = await writer.position();
    return new Applier(writer, options, new Parking(await reader.parked()), position);
  }

  /** Number of the last block that was applied. */
  get position(): number {
    return this.#position;
  }

  /** What waits for private data, in the ledger's order. */
  get parked(): readonly ParkedWrite[] {
    return this.#parking.rows;
  }

  /** Whether a record was erased since this was last asked. */
  takeErased(): boolean {
    const erased = this.#erased;
    this.#erased = false;
    return erased;
  }

  /** Applies the block after the last. Rejects with NotNextBlock when another process has applied it. */
  apply(block: LedgerBlock): Promise<void> {
    return this.#inTurn(async () => {
      const { number } = block;
      await this.#writer.block(number, (tx) => projectBlock(block, this.#onto(tx)));
      this.#position = number;
    });
  }

  /**
   * Reads the blocks of what is parked again and applies what has come, in the ledger's order, each transaction in one of
   * the index. Answers whether there is less to wait for. Rejects with a LedgerError.
   */
  async applyLate(ledger: Pick<Ledger, 'block'>): Promise<boolean> {
    const before = this.#parking.rows.length;
    let block: LedgerBlock | undefined;
    for (const place of this.#places()) {
      if (block?.number !== place.block) block = await ledger.block(place.block);
      const read = block;
      if (this.#hasCome(read, place)) await this.#inTurn(() => this.#amend(read, place));
    }
    return this.#parking.rows.length < before;
  }

  #amend(block: LedgerBlock, place: Place): Promise<void> {
    return this.#writer.amend(this.#position, (tx) => projectLate(block, place, this.#onto(tx)));
  }

  #onto(tx: IndexTransaction): Projection {
    return {
      ...{ tx, parking: this.#parking, options: this.#options },
      erased: () => {
        this.#erased = true;
      },
    };
  }

  /** The transactions of which something is parked, in the ledger's order. */
  #places(): Place[] {
    const places = this.#parking.rows.map(({ block, transaction }) => ({ block, transaction }));
    return places.filter((place, at) => at === 0 || !isSame(place, places[at - 1] as Place));
  }

  #hasCome(block: LedgerBlock, place: Place): boolean {
    const transaction = block.transactions.find(({ index }) => index === place.transaction);
    const parked = new Set(
      this.#parking.rows.filter((row) => isSame(row, place)).map(({ keyHash }) => keyHash),
    );
    return (
      transaction?.writes.some(({ keyHash, effect }) => effect === 'put' && parked.has(keyHash)) ?? false
    );
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#last.then(() => this.#parking.orAsBefore(work));
    this.#last = done.catch(() => undefined);
    return done;
  }
}

const isSame = (a: Place, b: Place): boolean => a.block === b.block && a.transaction === b.transaction;
