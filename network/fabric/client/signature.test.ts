import { generateKeyPairSync, verify } from 'node:crypto';
import { parseSigningKey, signLowS } from './signature.ts';

const HALF_ORDER = 0x7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8n;

function keys(namedCurve = 'P-256') {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
  return { publicKey, pem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

/** s of a DER signature. */
function lower(signature: Buffer): bigint {
  const r = signature[3] ?? 0;
  return BigInt(`0x${signature.subarray(4 + r + 2).toString('hex')}`);
}

test('signatures verify, and always have the lower s', () => {
  const { publicKey, pem } = keys();
  const key = parseSigningKey(pem);
  for (let at = 0; at < 200; at += 1) {
    const message = Buffer.from(`message ${at}`);
    const signature = signLowS(key, message);
    expect(verify('sha256', message, publicKey, signature)).toBe(true);
    expect(lower(signature) <= HALF_ORDER).toBe(true);
  }
});

test('a key on another curve is refused', () => {
  expect(() => parseSigningKey(keys('P-384').pem)).toThrow('not on the curve P-256');
});
