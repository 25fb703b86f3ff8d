/** What one pass over the bytes of a body tells before anything is built from it. */
export interface Scan {
  /** Offset of the byte that opens one level more than is allowed; undefined if none does. */
  tooDeepAt: number | undefined;
  /** Colons outside of texts, which is the number of members if the JSON is well-formed. */
  members: number;
  /** Whether some number would be written differently after a way through a JavaScript number: `1.10`, `1E3`, 2^53 + 1. */
  inexact: boolean;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const ZERO = 0x30;
const NINE = 0x39;
const MINUS = 0x2d;
const PLUS = 0x2b;
const POINT = 0x2e;
const [LOWER_E, UPPER_E] = [0x65, 0x45];

/**
 * Up to this many characters a plain integer, or a decimal that doesn't end in 0 and is at least a millionth, is written
 * by JavaScript as it was read.
 */
const EXACT_LENGTH = 15;

/**
 * Scans JSON in UTF-8, well-formed or not, without recursion and without allocating: some hundred MB/s. It never misses a
 * number that is written inexactly; it may name one that isn't.
 */
export const scan = (bytes: Uint8Array, maxDepth: number): Scan => {
  const result: Scan = { tooDeepAt: undefined, members: 0, inexact: false };
  const end = bytes.length;
  let depth = 0;
  let at = 0;
  while (at < end) {
    const byte = bytes[at++] as number;
    if (byte === QUOTE) {
      let inside = bytes[at++];
      while (inside !== QUOTE && inside !== undefined) {
        if (inside === BACKSLASH) at++;
        inside = bytes[at++];
      }
    } else if (byte === 0x3a) result.members++;
    else if (byte === 0x7b || byte === 0x5b) {
      if (++depth > maxDepth) {
        result.tooDeepAt = at - 1;
        return result;
      }
    } else if (byte === 0x7d || byte === 0x5d) depth--;
    else if (byte === MINUS || (byte >= ZERO && byte <= NINE)) {
      const start = at - 1;
      let point = -1;
      let exponent = false;
      let last = byte;
      for (; at < end; at++) {
        const next = bytes[at] as number;
        if (next === POINT) point = at;
        else if (next === LOWER_E || next === UPPER_E || next === PLUS || next === MINUS) exponent = true;
        else if (next < ZERO || next > NINE) break;
        last = next;
      }
      const tiny =
        point >= 0 && bytes[point + 1] === ZERO && bytes[point + 2] === ZERO && bytes[point - 1] === ZERO;
      const minusZero = byte === MINUS && bytes[start + 1] === ZERO && point < 0;
      result.inexact ||=
        exponent || at - start > EXACT_LENGTH || tiny || minusZero || (point >= 0 && last === ZERO);
    }
  }
  return result;
};
