import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const MINIMUM = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** A key of 32 bytes for one purpose, derived from the configured master secret (HKDF with SHA-256, RFC 5869). */
export function deriveKey(secret: string, purpose: string): Buffer {
  if (secret.length < MINIMUM) throw new RangeError(`the auth secret needs at least ${MINIMUM} characters`);
  return Buffer.from(hkdfSync('sha256', secret, 'fhir-fabric-gateway/auth', purpose, 32));
}

/** AES-256-GCM: IV (12 bytes), tag (16), ciphertext. `context` is authenticated and must be the same at opening. */
export function seal(key: Uint8Array, text: string, context: string): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(context));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]);
}

/** The text that was sealed; throws an Error when key, context or bytes are not the ones of the sealing. */
export function unseal(key: Uint8Array, bytes: Uint8Array, context: string): string {
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString(
    'utf8',
  );
}
