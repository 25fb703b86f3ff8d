import { createCipheriv, createDecipheriv } from 'node:crypto';

const PATTERN = /^[0-9a-f]{32}$/;

/** The single block of a cipher without padding: a permutation under the log's own secret. */
function permute(
  secret: Uint8Array,
  block: Uint8Array,
  make: typeof createCipheriv | typeof createDecipheriv,
): Buffer {
  const cipher = make('aes-128-ecb', secret, null);
  cipher.setAutoPadding(false);
  return Buffer.concat([cipher.update(block), cipher.final()]);
}

/**
 * The id of a row's AuditEvent: always the same, and it tells nobody how many events there are or what stands beside it,
 * as a sequence number would.
 */
export function eventId(secret: Uint8Array, seq: number): string {
  const block = Buffer.alloc(16);
  block.writeBigUInt64BE(BigInt(seq), 8);
  return permute(secret, block, createCipheriv).toString('hex');
}

/** The row of an id; undefined for an id that was never given out. */
export function seqOf(secret: Uint8Array, id: string): number | undefined {
  if (!PATTERN.test(id)) return undefined;
  const block = permute(secret, Buffer.from(id, 'hex'), createDecipheriv);
  const seq = Number(block.readBigUInt64BE(8));
  return block.readBigUInt64BE(0) === 0n && Number.isSafeInteger(seq) ? seq : undefined;
}
