/** A value that the packed format has no form for. */
export class Unpackable extends Error {}

const LARGE = 64 * 1024;

/** How deep texts and rules may lie in each other: far less than a stack has room for. */
export const MAX_DEPTH = 1000;

/** Puts bytes one after the other; used again and again, so that a value costs no buffers of its own. */
export class PackWriter {
  #bytes = new Uint8Array(1024);
  #length = 0;
  #depth = 0;
  /** Texts of this value that were worth remembering, in their order (text.ts). */
  readonly texts: string[] = [];
  /** Bytes that end the value: not copied until it is whole. */
  tail: Uint8Array = new Uint8Array(0);

  get length(): number {
    return this.#length + this.tail.length;
  }

  reset(): void {
    if (this.#bytes.length > LARGE) this.#bytes = new Uint8Array(1024);
    this.#length = 0;
    this.#depth = 0;
    this.texts.length = 0;
    this.tail = new Uint8Array(0);
  }

  /** Makes room for so many more bytes; answers where they begin. */
  #grow(count: number): number {
    const at = this.#length;
    this.#length += count;
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(this.#length * 2);
      larger.set(this.#bytes.subarray(0, at));
      this.#bytes = larger;
    }
    return at;
  }

  byte(value: number): void {
    const at = this.#grow(1);
    this.#bytes[at] = value;
  }

  copy(value: Uint8Array): void {
    const at = this.#grow(value.length);
    this.#bytes.set(value, at);
  }

  /** So many bytes that `put` puts, from where it is told; none when it answers false. */
  put(count: number, put: (bytes: Uint8Array, at: number) => boolean): boolean {
    const at = this.#grow(count);
    if (put(this.#bytes, at)) return true;
    this.#length = at;
    return false;
  }

  /** A whole number from 0 to 2^53 - 1, seven bits a byte, the lowest first. Throws Unpackable for any other. */
  integer(value: number): void {
    if (!Number.isSafeInteger(value) || value < 0) throw new Unpackable();
    let rest = value;
    while (rest > 0x7f) {
      this.byte((rest % 0x80) + 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.byte(rest);
  }

  /** What `write` writes one level deeper; Unpackable when that is too deep to be read. */
  nested(write: () => void): void {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw new Unpackable();
    write();
    this.#depth -= 1;
  }

  /** Writes all of it into `target`, from `at`. */
  into(target: Uint8Array, at: number): void {
    target.set(this.#bytes.subarray(0, this.#length), at);
    target.set(this.tail, at + this.#length);
  }
}
