/** Bytes that are looked for, and what to say when they are found. */
export interface Needle {
  bytes: Buffer;
  what: string;
}

export interface Hit {
  what: string;
  /** Offset in what was searched. */
  at: number;
}

/** The shortest needle: what is shorter is everywhere. */
export const SHORTEST = 4;

const BITS = 22;
const slotOf = (word: number): number => Math.imul(word, 0x9e3779b1) >>> (32 - BITS);

/** Looks for many needles at once, in one walk over the bytes. */
export class NeedleSearch {
  /** Needles by their first four bytes, and whether any begins with bytes that fall into a slot. */
  readonly #byStart = new Map<number, Needle[]>();
  readonly #slots = new Uint8Array(1 << BITS);

  /** Throws a RangeError for a needle that is shorter than SHORTEST. */
  constructor(needles: Iterable<Needle>) {
    for (const needle of needles) {
      if (needle.bytes.length < SHORTEST) throw new RangeError(`too short to look for: ${needle.what}`);
      const start = needle.bytes.readInt32BE(0);
      this.#slots[slotOf(start)] = 1;
      const others = this.#byStart.get(start);
      if (others) others.push(needle);
      else this.#byStart.set(start, [needle]);
    }
  }

  /** Where each needle is found first. */
  find(haystack: Buffer): Hit[] {
    const first = new Map<string, number>();
    let word = 0;
    for (let end = 0; end < haystack.length; end += 1) {
      word = (word << 8) | (haystack[end] as number);
      if (this.#slots[slotOf(word)] === 0 || end < SHORTEST - 1) continue;
      const at = end - SHORTEST + 1;
      for (const { bytes, what } of this.#byStart.get(word) ?? [])
        if (!first.has(what) && bytes.equals(haystack.subarray(at, at + bytes.length))) first.set(what, at);
    }
    return [...first].map(([what, at]) => ({ what, at }));
  }
}
