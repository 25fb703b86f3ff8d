import { takeGroup, type Bounds, type Group, type Submission } from '../../submit/coalesce.ts';

/** A transaction to be made, and how often it was tried in vain. */
export interface Attempt {
  group: Group;
  failed: number;
}

/** Commits what was endorsed; resolves when everyone is answered. */
export type Commit = () => Promise<void>;

export interface LaneLimits extends Pick<Bounds, 'coalescedCommands' | 'coalescedBytes'> {
  /** Transactions of one identity that are endorsed at the same time. */
  endorsing: number;
  /** Transactions of one identity that are endorsed or committed at the same time. */
  unanswered: number;
}

/**
 * The submissions of one identity. While a transaction is endorsed those who come wait, and share the next; while it is
 * committed, which takes longer, the next is endorsed. So there is no timer: a lone command goes at once, and the more
 * come, the more share a transaction.
 */
export class Lane {
  readonly #limits: LaneLimits;
  readonly #endorse: (attempt: Attempt) => Promise<Commit | undefined>;
  readonly #idle: () => void;
  #waiting: Submission[] = [];
  readonly #again: Attempt[] = [];
  #endorsing = 0;
  #unanswered = 0;
  /** Attempts that wait until they are made again. */
  #resting = 0;
  #gathering = false;

  /**
   * `endorse` answers how to commit what it endorsed, undefined when there is nothing to commit; neither rejects.
   * `idle` is called when nothing is left to do.
   */
  constructor(
    limits: LaneLimits,
    endorse: (attempt: Attempt) => Promise<Commit | undefined>,
    idle: () => void,
  ) {
    this.#limits = limits;
    this.#endorse = endorse;
    this.#idle = idle;
  }

  add(submission: Submission): void {
    this.#waiting.push(submission);
    this.#gather();
  }

  /** Tries once more after so many milliseconds, before all who wait; nobody joins it. */
  retry(attempt: Attempt, wait = 0): void {
    this.#resting += 1;
    const again = () => {
      this.#resting -= 1;
      this.#again.push(attempt);
      this.#gather();
    };
    if (wait > 0) setTimeout(again, wait);
    else again();
  }

  /** Lets in what comes in the same turn. */
  #gather(): void {
    if (this.#gathering) return;
    this.#gathering = true;
    setImmediate(() => {
      this.#gathering = false;
      this.#go();
    });
  }

  #go(): void {
    while (this.#endorsing < this.#limits.endorsing && this.#unanswered < this.#limits.unanswered) {
      const attempt = this.#next();
      if (!attempt) break;
      void this.#run(attempt);
    }
    const busy = this.#unanswered + this.#resting + this.#waiting.length > 0 || this.#gathering;
    if (!busy) this.#idle();
  }

  #next(): Attempt | undefined {
    const again = this.#again.shift();
    if (again) return again;
    const { group, rest } = takeGroup(this.#waiting, this.#limits);
    this.#waiting = rest;
    return group && { group, failed: 0 };
  }

  async #run(attempt: Attempt): Promise<void> {
    this.#endorsing += 1;
    this.#unanswered += 1;
    const commit = await this.#endorse(attempt);
    this.#endorsing -= 1;
    this.#go();
    await commit?.();
    this.#unanswered -= 1;
    this.#go();
  }
}
