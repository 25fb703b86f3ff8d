/** Of how many the pace is averaged, about. */
const OVER = 128;

/** How fast a queue moves: the milliseconds between two that are taken out while others wait. */
export class Pace {
  #each = 0;
  #seen = 0;
  /** When one was taken and others went on waiting. */
  #last: number | undefined;

  /** One is taken out; `more`: others go on waiting. */
  taken(now: number, more: boolean): void {
    if (this.#last !== undefined) {
      this.#seen = Math.min(this.#seen + 1, OVER);
      this.#each += (now - this.#last - this.#each) / this.#seen;
    }
    this.#last = more ? now : undefined;
  }

  /** Nobody waits any more. */
  stopped(): void {
    this.#last = undefined;
  }

  /** Milliseconds until so many are taken out, as things go; a queue that has stood still is slow. */
  until(count: number, now: number): number {
    const still = this.#last === undefined ? 0 : now - this.#last;
    return Math.max(count * this.#each, still);
  }
}
