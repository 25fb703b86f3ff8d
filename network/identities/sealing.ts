import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';

/** A key of AES-256, derived from a secret. */
export type SealingKey = Uint8Array;

/** What was sealed does not open: the secret is another one, or the bytes were changed. */
export class WrongSecretError extends Error {
  constructor(what: string) {
    super(`the secret does not open ${what}`);
    this.name = 'WrongSecretError';
  }
}

const NONCE = 12;
const TAG = 16;
export const SALT_BYTES = 16;
const COST = { N: 1 << 15, r: 8, p: 1, maxmem: 64 << 20 };

/** scrypt: takes some 0.1 s, once for each store that is opened. Throws a TypeError when the secret is empty. */
export async function deriveSealingKey(secret: string, salt: Uint8Array): Promise<SealingKey> {
  if (secret === '') throw new TypeError('the secret is empty');
  return new Promise((resolve, reject) => {
    scrypt(secret, salt, 32, COST, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

/** AES-256-GCM: nonce, tag, ciphertext. What is sealed under one `context` opens under no other. */
export function seal(key: SealingKey, plain: Uint8Array, context: string): Uint8Array {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
  const data = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), data]);
}

/** The inverse of `seal`; throws a WrongSecretError. */
export function unseal(key: SealingKey, sealed: Uint8Array, context: string): Uint8Array {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE), { authTagLength: TAG })
      .setAAD(Buffer.from(context))
      .setAuthTag(sealed.subarray(NONCE, NONCE + TAG));
    return Buffer.concat([decipher.update(sealed.subarray(NONCE + TAG)), decipher.final()]);
  } catch {
    throw new WrongSecretError(context);
  }
}
