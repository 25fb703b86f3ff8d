/** What waits in the name of somebody. */
export interface Waiting {
  caller: string;
}

/** Those who wait take turns: each caller's own things come out in order, and one of each caller before two of any. */
export class FairQueue<T extends Waiting> {
  /** In the order of whose turn it is; nobody is in it who has nothing waiting. */
  readonly #byCaller = new Map<string, T[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** How many callers have something waiting. */
  get callers(): number {
    return this.#byCaller.size;
  }

  /** How much of a caller's waits. */
  of(caller: string): number {
    return this.#byCaller.get(caller)?.length ?? 0;
  }

  push(item: T): void {
    const own = this.#byCaller.get(item.caller);
    if (own) own.push(item);
    else this.#byCaller.set(item.caller, [item]);
    this.#size += 1;
  }

  /** Whose turn it is. */
  peek(): T | undefined {
    for (const [first] of this.#byCaller.values()) return first;
    return undefined;
  }

  /** Takes out what `peek` shows. */
  shift(): T | undefined {
    for (const [caller, own] of this.#byCaller) {
      const item = own.shift();
      this.#byCaller.delete(caller);
      if (own.length > 0) this.#byCaller.set(caller, own);
      this.#size -= 1;
      return item;
    }
    return undefined;
  }

  /** Takes out what of each caller's oldest `is`, up to the first that is not. */
  takeWhile(is: (item: T) => boolean): T[] {
    const taken: T[] = [];
    for (const [caller, own] of this.#byCaller) {
      let count = own.findIndex((item) => !is(item));
      if (count < 0) count = own.length;
      taken.push(...own.splice(0, count));
      if (own.length === 0) this.#byCaller.delete(caller);
    }
    this.#size -= taken.length;
    return taken;
  }
}
