import { ledgerError } from '../../submit/errors.ts';
import { backoff } from './backoff.ts';
import type { Committed, CommitWatch, Watched } from './commit-watch.ts';
import { OrderingFailure, type EndorsedTransaction } from './fabric-client.ts';
import { OrderingGate } from './ordering-gate.ts';
import { SendingAgain } from './sending-again.ts';
import type { Timing } from './timing.ts';

type LookUp = (txId: string) => Promise<Committed>;

const notFound: LookUp = () => Promise.reject(new Error('nobody to ask'));
const NEVER = new AbortController().signal;

/**
 * Has endorsed transactions ordered and learns what became of each. An envelope of which nobody knows whether it was
 * taken, or that was taken and is in no block, is sent again, always the same: it is committed once or not at all.
 */
export class Ordering {
  readonly #watch: CommitWatch;
  readonly #timing: Timing;
  readonly #lookUp: LookUp;
  readonly #gate = new OrderingGate();
  readonly #again: SendingAgain;

  /** `lookUp` asks a peer for a transaction that is not seen where it should be, and rejects when it has none. */
  constructor(watch: CommitWatch, timing: Timing, lookUp = notFound) {
    this.#watch = watch;
    this.#timing = timing;
    this.#lookUp = lookUp;
    this.#again = new SendingAgain(timing.sendAgainAfter);
  }

  /**
   * Where the transaction ended, valid or not. Rejects with a LedgerError: UNAVAILABLE when it was never handed over,
   * and so never will be committed; UNDECIDED when it may have been and `patience` (milliseconds) is over, or `closing`
   * aborts.
   */
  async commit(
    transaction: EndorsedTransaction,
    closing: AbortSignal,
    patience = this.#timing.patience,
  ): Promise<Committed> {
    const over = new AbortController();
    const end = () => over.abort();
    const timer = setTimeout(end, patience);
    closing.addEventListener('abort', end);
    if (closing.aborted) end();
    const watched = this.#watch.watch(transaction.txId);
    try {
      await within(this.#watch.ready(), over.signal);
      return await this.#send(transaction, watched, over.signal);
    } finally {
      clearTimeout(timer);
      closing.removeEventListener('abort', end);
      watched.forget();
      this.#gate.leave(transaction);
    }
  }

  async #send(transaction: EndorsedTransaction, { outcome }: Watched, over: AbortSignal): Promise<Committed> {
    let handedOver = false;
    let times = 0;
    /** Its place among those that were taken: that of its first sending, which may be the one that is committed. */
    let which: number | undefined;
    const inBlock = outcome.then((): Answer => 'taken');
    let failure: OrderingFailure | undefined;
    for (let attempt = 0; !over.aborted; attempt += 1) {
      if (!handedOver && !(await this.#gate.enter(transaction, over))) break;
      failure = await this.#answer(Promise.race([sent(transaction), inBlock]), over);
      this.#gate.tell(transaction, failure === undefined || failure.refusal !== undefined);
      handedOver ||= failure?.taken !== 'never';
      if (failure?.refusal && !handedOver) throw failure.refusal;
      if (failure) {
        const committed = await within(outcome, over, backoff(attempt));
        if (committed) return committed;
        continue;
      }
      which ??= this.#again.taken();
      const wait = this.#timing.sendAgainAfter * 2 ** times++;
      const committed = await this.#untilLost(transaction, outcome, which, wait, over);
      if (committed) return committed;
    }
    const committed = handedOver ? await this.#found(transaction) : undefined;
    if (committed) return committed;
    throw ledgerError(handedOver ? 'UNDECIDED' : 'UNAVAILABLE', failure);
  }

  /**
   * Why a sending failed, if it did. Whoever hangs with it is not waited for much longer than there is time, but a little:
   * that nobody has it is better known.
   */
  async #answer(answer: Promise<Answer>, over: AbortSignal): Promise<OrderingFailure | undefined> {
    const told = (await within(answer, over)) ?? (await within(answer, NEVER, this.#timing.sendAgainAfter));
    return told === 'taken' ? undefined : (told ?? new OrderingFailure('perhaps', over.reason));
  }

  /** Where a transaction ended that an orderer has taken; undefined once it should be sent again, or time is over. */
  async #untilLost(
    transaction: EndorsedTransaction,
    outcome: Promise<Committed>,
    which: number,
    wait: number,
    over: AbortSignal,
  ): Promise<Committed | undefined> {
    let committed: Committed | undefined;
    do {
      committed = await within(outcome, over, wait);
      if (!over.aborted) committed ??= await this.#found(transaction);
    } while (!committed && !over.aborted && !this.#again.may(which));
    if (committed) this.#again.committed(which);
    return committed;
  }

  async #found({ txId }: EndorsedTransaction): Promise<Committed | undefined> {
    const found = this.#lookUp(txId).catch(() => undefined);
    return within(found, NEVER, this.#timing.sendAgainAfter);
  }
}

/** What comes of sending a transaction: an orderer has taken it, or not. */
type Answer = 'taken' | OrderingFailure;

async function sent(transaction: EndorsedTransaction): Promise<Answer> {
  try {
    await transaction.order();
    return 'taken';
  } catch (error) {
    return error instanceof OrderingFailure ? error : new OrderingFailure('perhaps', error);
  }
}

/** What the promise resolves to; undefined when the signal aborts, or so many milliseconds pass, before it does. */
async function within<T>(
  promise: Promise<T>,
  signal: AbortSignal,
  milliseconds?: number,
): Promise<T | undefined> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve(undefined);
    };
    const timer = milliseconds === undefined ? undefined : setTimeout(end, milliseconds);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
    void promise.then((value) => {
      resolve(value);
      end();
    });
  });
}
