import type { Missing } from './projector/parking.ts';

/** How far the index is, as the storage thread says it at one moment. */
export interface Standing extends Missing {
  /** Number of blocks that there are; undefined when peer and ordering service do not both say. */
  height?: number;
  /** Number of the last block that the index has applied. */
  applied: number;
}

export interface FreshnessOptions {
  /** Milliseconds that the index may lag. */
  maxStale: number;
  /** Milliseconds since 1970. */
  clock: () => number;
}

/**
 * How old what the index says may be. At the moment `freshAsOf` the ledger had nothing that is not in the index now; what
 * has been committed since may be missing, a revocation too. It moves on with every look at the ledger that the index
 * keeps up with: when the index lags, when peer or orderers can't be asked, and when nobody looks, it stands still alike.
 */
export class Freshness {
  readonly maxStale: number;
  readonly #clock: () => number;
  #freshAsOf = -Infinity;
  /** Looks at the ledger with which the index has not caught up yet, the oldest first. */
  #looks: { at: number; height: number }[] = [];
  #standing: Standing = { applied: -1, patients: [] };
  #held = new Set<string>();

  constructor({ maxStale, clock }: FreshnessOptions) {
    this.maxStale = maxStale;
    this.#clock = clock;
  }

  /** What was asked at the moment `askedAt` (milliseconds since 1970) and has been answered now. */
  note(standing: Standing, askedAt: number): void {
    this.#standing = standing;
    this.#held = new Set(standing.patients);
    if (standing.height !== undefined) this.#looks.push({ at: askedAt, height: standing.height });
    // What is missing of a block, and may be about anyone, is as if the block had not been applied.
    const applied = Math.min(standing.applied, (standing.anyone ?? Infinity) - 1);
    // A look that is too old to matter is forgotten; the newest never is.
    const oldest = this.#clock() - this.maxStale;
    this.#looks = this.#looks.filter(({ at, height }, index) => {
      if (height <= applied + 1) {
        this.#freshAsOf = Math.max(this.#freshAsOf, at);
        return false;
      }
      return at >= oldest || index === this.#looks.length - 1;
    });
  }

  /** Milliseconds that the index may be behind by now; Infinity before the first look. */
  lag(): number {
    return Math.max(0, this.#clock() - this.#freshAsOf);
  }

  /** Whether that is more than others' records may be answered from. */
  get stale(): boolean {
    return this.lag() > this.maxStale;
  }

  /** Whether something of this patient's record is missing here. */
  isHeld(patient: string): boolean {
    return this.#held.has(patient);
  }

  get standing(): Standing {
    return this.#standing;
  }
}
