import { hash } from 'node:crypto';

const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;

/**
 * HMAC-SHA256 (RFC 2104) under one key of at most 64 bytes, for the hundreds of names and salts of a transaction:
 * two one-shot digests take a fifth of the time of a `createHmac` each.
 */
export function hmacSha256(key: Uint8Array): (message: string) => Buffer {
  if (key.length > BLOCK_BYTES) throw new RangeError('the key is longer than a block');
  const inner = Buffer.alloc(BLOCK_BYTES, 0x36);
  const outer = Buffer.alloc(BLOCK_BYTES + DIGEST_BYTES, 0x5c);
  key.forEach((byte, index) => {
    inner[index] = byte ^ 0x36;
    outer[index] = byte ^ 0x5c;
  });
  return (message) => {
    const digest = hash('sha256', Buffer.concat([inner, Buffer.from(message, 'utf8')]), 'buffer');
    digest.copy(outer, BLOCK_BYTES);
    return hash('sha256', outer, 'buffer');
  };
}
