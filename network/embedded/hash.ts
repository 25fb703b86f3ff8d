import { hash } from 'node:crypto';
import { toBase64url } from './encoding.ts';

export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  return hash('sha256', parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts), 'buffer');
}

/** What a block says of a private key or value: SHA-256, base64url. */
export function hashText(content: string | Uint8Array): string {
  return toBase64url(hash('sha256', content, 'buffer'));
}

/** The same hash as deliveries spell it: hexadecimal. */
export function hashHex(hashed: string): string {
  return Buffer.from(hashed, 'base64url').toString('hex');
}
