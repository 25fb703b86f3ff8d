import type { Changes } from './changes.ts';

const MOST = 10_000;

/** Keeps answers for as long as rules and records stay as they are; nothing where that can't be told (no `changes`). */
export class KeptAnswers<T> {
  readonly #changes: Changes | undefined;
  readonly #answers = new Map<string, T>();
  #asOf: bigint | undefined;
  constructor(changes?: Changes) {
    this.#changes = changes;
  }

  /** The answer to a question: the kept one, or what `read` reads. */
  async of(question: string, read: () => Promise<T>): Promise<T> {
    const now = this.#changes?.now;
    if (now === undefined) return read();
    if (now !== this.#asOf || this.#answers.size >= MOST) this.#answers.clear();
    this.#asOf = now;
    const known = this.#answers.get(question);
    if (known !== undefined) return known;
    const answer = await read();
    // They may have changed while it was read, or while somebody else asked.
    if (this.#asOf === now && this.#changes?.now === now) this.#answers.set(question, answer);
    return answer;
  }
}
