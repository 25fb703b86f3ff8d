import { MAX_DEPTH } from './pack-writer.ts';

/** Takes bytes one after the other; throws a RangeError for more than there are. */
export class PackReader {
  readonly #bytes: Uint8Array;
  #at: number;
  #depth = 0;
  /** Texts of this value that were worth remembering, in their order (text.ts). */
  readonly texts: string[] = [];

  /** Reads `bytes` from `start`. */
  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.#at = start;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  byte(): number {
    const value = this.#bytes[this.#at];
    if (value === undefined) throw new RangeError('a value that ends too early');
    this.#at += 1;
    return value;
  }

  integer(): number {
    let value = 0;
    for (let unit = 1; ; unit *= 0x80) {
      const byte = this.byte();
      value += (byte & 0x7f) * unit;
      if (!Number.isSafeInteger(value) || (byte === 0 && unit > 1)) throw new RangeError('not a number');
      if (byte < 0x80) return value;
    }
  }

  /** How many follow, each of a byte at least. */
  count(): number {
    const count = this.integer();
    if (count > this.left) throw new RangeError('a value that ends too early');
    return count;
  }

  /** The next bytes, not copied. */
  take(count: number): Uint8Array {
    if (count > this.left) throw new RangeError('a value that ends too early');
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  /** What `read` reads one level deeper. */
  nested<T>(read: () => T): T {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw new RangeError('a value that is too deep');
    const value = read();
    this.#depth -= 1;
    return value;
  }
}
