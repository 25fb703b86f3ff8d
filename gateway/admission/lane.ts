import { FairQueue, type Waiting } from './fair-queue.ts';
import { Pace } from './pace.ts';

/** How much a lane lets in. */
export interface LaneLimits {
  /** Requests that are worked on at once, and the bytes of their bodies; one body alone may have more. */
  running: number;
  runningBytes: number;
  /** Requests that wait, and the bytes of them that are held in memory meanwhile; one caller alone gets half of it. */
  waiting: number;
  waitingBytes: number;
  /**
   * Milliseconds: who would probably wait longer, all in all, is refused at once, and who has waited for so long is refused
   * then.
   */
  patience: number;
  tooOld: number;
}

export interface Request extends Waiting {
  /** Of its body. */
  bytes: number;
  /** When it came, or may have come, in milliseconds of the clock that `now` is read from. */
  since: number;
}

/** Why a request is refused: its caller asks for more than a share of what there is, or there is not enough for all. */
export type Reason = 'share' | 'overload';

/** What a socket hands over before anybody reads a body: more is not held for a request that waits. */
const HELD = 64 * 1024;

/** How much more than the average caller somebody has waiting who is told that it is too much. */
const MORE = 1.5;

/**
 * A lane of requests that go the same way: so many are worked on at once, some wait, in turns by caller, and the rest is
 * refused. It decides and counts; whoever drives it starts and refuses.
 */
export class Lane<T extends Request> {
  readonly #limits: LaneLimits;
  readonly #queue = new FairQueue<T>();
  readonly #pace = new Pace();
  #running = 0;
  #runningBytes = 0;
  #held = 0;

  constructor(limits: LaneLimits) {
    this.#limits = limits;
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#queue.size;
  }

  /** Whether this one can be started before all who wait: nobody does, and there is room. */
  free(request: T): boolean {
    return this.#queue.size === 0 && this.#hasRoom(request);
  }

  /** Whether somebody waits for whom there is room. */
  get ready(): boolean {
    const next = this.#queue.peek();
    return next !== undefined && this.#hasRoom(next);
  }

  /** Puts it among those who wait; or answers why it may not. */
  wait(request: T, now: number): Reason | undefined {
    const reason = this.#refusal(request, now);
    if (reason) return reason;
    this.#queue.push(request);
    this.#held += held(request);
    return undefined;
  }

  /** Takes out whose turn it is, when there is room for it. */
  next(now: number): T | undefined {
    if (!this.ready) return undefined;
    const request = this.#queue.shift();
    if (!request) return undefined;
    this.#held -= held(request);
    this.#pace.taken(now, this.#queue.size > 0);
    return request;
  }

  /** Takes out those who have waited for too long. */
  tooOld(now: number): T[] {
    const old = this.#queue.takeWhile(({ since }) => now - since > this.#limits.tooOld);
    for (const request of old) this.#held -= held(request);
    if (this.#queue.size === 0) this.#pace.stopped();
    return old;
  }

  started({ bytes }: T): void {
    this.#running += 1;
    this.#runningBytes += bytes;
  }

  ended({ bytes }: T): void {
    this.#running -= 1;
    this.#runningBytes -= bytes;
  }

  #hasRoom({ bytes }: T): boolean {
    const { running, runningBytes } = this.#limits;
    if (this.#running >= running) return false;
    return this.#runningBytes === 0 || this.#runningBytes + bytes <= runningBytes;
  }

  #refusal(request: T, now: number): Reason | undefined {
    const { waiting, waitingBytes, patience } = this.#limits;
    const own = this.#queue.of(request.caller);
    const callers = this.#queue.callers + (own === 0 ? 1 : 0);
    const full =
      own >= waiting / (callers + 1) ||
      this.#queue.size >= waiting ||
      this.#held + held(request) > waitingBytes ||
      now - request.since + this.#pace.until((own + 1) * callers, now) > patience;
    if (!full) return undefined;
    return own > (this.#queue.size / callers) * MORE ? 'share' : 'overload';
  }
}

const held = ({ bytes }: Request): number => Math.min(bytes, HELD);
