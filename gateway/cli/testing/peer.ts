import {
  LedgerError,
  type IdentityRef,
  type Ledger,
  type LedgerBlock,
} from '@fhir-fabric-gateway/chaincode/api';

/** The shared ledger, which can be read as a peer has it that lacks private data. */
export interface PeerSource extends Ledger {
  /** A block with the data of all its private writes missing. */
  blockWithoutData(number: number): Promise<LedgerBlock>;
}

/**
 * A ledger as one organisation's peer has it: it takes only what the own identities sign, and, when a test says so, it
 * delivers late, lacks private data, or is away.
 */
export class Peer implements Ledger {
  readonly #source: PeerSource;
  readonly #mspId: string;
  readonly #withheld = new Set<number>();
  #away = false;
  #orderersAway = false;
  /** Blocks that the peer has, when no more come to it. */
  #stuckAt: number | undefined;
  #withholds = false;
  #released: Promise<void> = Promise.resolve();
  #release: () => void = () => undefined;

  constructor(source: PeerSource, mspId: string) {
    this.#source = source;
    this.#mspId = mspId;
  }

  /** From now on the peer can't be reached, or can again. */
  set away(away: boolean) {
    this.#away = away;
  }

  /** From now on the ordering service can't be asked, or can again. */
  set orderersAway(away: boolean) {
    this.#orderersAway = away;
  }

  /** Gets no more blocks, and does not know of any, until `release`. */
  async cutOff(): Promise<void> {
    this.#stuckAt = await this.#source.height();
    this.hold();
  }

  /** Delivers no more blocks, though it has them, until `release`. */
  hold(): void {
    this.#released = new Promise((resolve) => (this.#release = resolve));
  }

  release(): void {
    this.#stuckAt = undefined;
    this.#release();
  }

  /** Blocks that are delivered from now on come without their private data. */
  withhold(): void {
    this.#withholds = true;
  }

  /** The private data that was withheld has come, to be read again. */
  deliver(): void {
    this.#withholds = false;
    this.#withheld.clear();
  }

  async submit(...[identity, commands]: Parameters<Ledger['submit']>): ReturnType<Ledger['submit']> {
    this.#reach(identity);
    return this.#source.submit(identity, commands);
  }

  async evaluate(...[identity, query]: Parameters<Ledger['evaluate']>): Promise<unknown> {
    this.#reach(identity);
    return this.#source.evaluate(identity, query);
  }

  async *blocks(from: number, signal: AbortSignal): AsyncGenerator<LedgerBlock, void, undefined> {
    for await (const block of this.#source.blocks(from, signal)) {
      await Promise.race([this.#released, aborted(signal)]);
      if (signal.aborted) return;
      if (this.#withholds) this.#withheld.add(block.number);
      yield this.#withheld.has(block.number) ? await this.#source.blockWithoutData(block.number) : block;
    }
  }

  async block(number: number): Promise<LedgerBlock> {
    this.#reach();
    return this.#withheld.has(number) ? this.#source.blockWithoutData(number) : this.#source.block(number);
  }

  async height(): Promise<number> {
    this.#reach();
    return this.#stuckAt ?? this.#source.height();
  }

  async newest(): Promise<number> {
    if (this.#orderersAway) throw new LedgerError('UNAVAILABLE');
    return this.#source.height();
  }

  /** The ledger is the others' too. */
  async close(): Promise<void> {
    this.release();
  }

  #reach(identity?: IdentityRef): void {
    if (this.#away) throw new LedgerError('UNAVAILABLE');
    if (identity && identity.mspId !== this.#mspId) throw new LedgerError('BAD_IDENTITY');
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
