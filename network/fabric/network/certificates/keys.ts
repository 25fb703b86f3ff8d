import { createPrivateKey, createPublicKey, webcrypto } from 'node:crypto';

/** Fabric's MSPs know ECDSA on P-256 (and others); its CA and clients make no other by default. */
export const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

export async function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

/** PKCS #8, PEM. */
export async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  const der = await webcrypto.subtle.exportKey('pkcs8', key);
  return createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' })
    .export({ type: 'pkcs8', format: 'pem' })
    .toString();
}

/** Both halves of a private key, PEM. */
export async function importKeys(pem: string): Promise<webcrypto.CryptoKeyPair> {
  const privateDer = createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' });
  const publicDer = createPublicKey(pem).export({ type: 'spki', format: 'der' });
  return {
    privateKey: await webcrypto.subtle.importKey('pkcs8', new Uint8Array(privateDer), ALGORITHM, false, [
      'sign',
    ]),
    publicKey: await webcrypto.subtle.importKey('spki', new Uint8Array(publicDer), ALGORITHM, true, [
      'verify',
    ]),
  };
}
