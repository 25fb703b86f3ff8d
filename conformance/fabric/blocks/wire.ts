/** Reads what Protocol Buffers write one after the other: variable-length numbers, and bytes with their length before them. */
export class WireReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** Throws a RangeError when it goes past the end, as all of these do. */
  number(): number {
    let value = 0;
    for (let place = 1; ; place *= 128) {
      const [byte = 0] = this.take(1);
      value += (byte & 127) * place;
      if (byte < 128) return value;
    }
  }

  bytes(): Buffer {
    return this.take(this.number());
  }

  take(length: number): Buffer {
    const found = this.#bytes.subarray(this.#at, this.#at + length);
    if (found.length < length) throw new RangeError('it goes past the end');
    this.#at += length;
    return found;
  }
}
