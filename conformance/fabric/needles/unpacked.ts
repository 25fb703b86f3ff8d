import { constants, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';

const LIMIT = 16 * 1024 * 1024;
/** What was cut off is unpacked as far as it goes. */
const OPTIONS = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: LIMIT };
/** What is shorter holds nothing that would be found. */
const SHORTEST = 16;

const attempt = (unpack: () => Buffer): Buffer[] => {
  try {
    const unpacked = unpack();
    return unpacked.length >= SHORTEST ? [unpacked] : [];
  } catch {
    return [];
  }
};

/** What zlib and gzip have packed anywhere in these bytes. */
export function unpackedWithin(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at + SHORTEST < bytes.length; at += 1) {
    const [first = 0, second = 0] = [bytes[at], bytes[at + 1]];
    // zlib: deflate with a window of 32 kB, and a check of the two bytes; gzip: its two magic bytes and deflate.
    if (first === 0x78 && (first * 256 + second) % 31 === 0)
      found.push(...attempt(() => inflateSync(bytes.subarray(at), OPTIONS)));
    else if (first === 0x1f && second === 0x8b && bytes[at + 2] === 8)
      found.push(...attempt(() => gunzipSync(bytes.subarray(at), OPTIONS)));
  }
  return found;
}

/** What these very bytes are when they are raw deflate. */
export const unpackedRaw = (bytes: Buffer): Buffer[] => attempt(() => inflateRawSync(bytes, OPTIONS));
