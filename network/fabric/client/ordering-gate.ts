/**
 * Keeps transactions from being ordered while that fails for others. A transaction that was never sent is certain not
 * to be committed, and its caller can be told so; of one that was sent in vain nobody knows.
 */
export class OrderingGate {
  #failing = false;
  /** Transactions that were sent and are sent again until one is taken. */
  readonly #trying = new Set<object>();
  #waiting: (() => void)[] = [];

  /**
   * Resolves to true when the transaction may be sent, as one that was sent before always may; to false when it may not
   * before `signal` aborts.
   */
  async enter(transaction: object, signal: AbortSignal): Promise<boolean> {
    while (this.#failing && this.#trying.size > 0 && !this.#trying.has(transaction)) {
      if (signal.aborted) return false;
      await this.#change(signal);
    }
    // Where nobody tries, this one does.
    if (this.#failing) this.#trying.add(transaction);
    return true;
  }

  /** Tells what came of sending it. */
  tell(transaction: object, taken: boolean): void {
    this.#failing = !taken;
    if (taken) this.#trying.clear();
    else this.#trying.add(transaction);
    if (taken) this.#wake();
  }

  /** The transaction will not be sent again. */
  leave(transaction: object): void {
    if (this.#trying.delete(transaction)) this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  async #change(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const wake = () => {
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#waiting.push(wake);
      signal.addEventListener('abort', wake, { once: true });
    });
  }
}
