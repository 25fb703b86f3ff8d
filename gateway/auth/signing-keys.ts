import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import type { Row } from '../database/port.ts';
import { bytes, text } from '../database/rows.ts';
import type { AuthDatabase } from './database.ts';
import { deriveKey, seal, unseal } from './sealing.ts';

/** RS256 is what every OpenID client knows; ES384 is SMART's. */
const ALGORITHMS = ['RS256', 'ES384'];

async function generate(alg: string): Promise<JWK & { kid: string }> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = await exportJWK(privateKey);
  return { ...jwk, alg, use: 'sig', kid: await calculateJwkThumbprint(jwk) };
}

function opened(row: Row, key: Uint8Array): JWK {
  const kid = text(row, 'kid');
  try {
    return JSON.parse(unseal(key, bytes(row, 'sealed'), kid)) as JWK;
  } catch (cause) {
    throw new Error('the configured auth secret does not open the signing keys in the database', { cause });
  }
}

/**
 * The private keys that sign ID tokens, one for each algorithm; made on the first start, and the same for all replicas
 * even when that is the first start of several. In the database they are sealed with a key derived from `secret`; an Error
 * says so when the secret is not the one they were sealed with.
 */
export async function loadSigningKeys(db: AuthDatabase, secret: string, now: number): Promise<JWK[]> {
  const key = deriveKey(secret, 'signing-keys');
  const stored = async (): Promise<JWK[]> =>
    (await db.all('SELECT kid, sealed FROM signing_key ORDER BY created, kid')).map((row) =>
      opened(row, key),
    );
  const found = await stored();
  if (found.length > 0) return found;
  const keys = await Promise.all(ALGORITHMS.map(generate));
  await db.durably([
    // Of two that get here, the second waits for the first, and then adds nothing.
    {
      text: 'INSERT INTO founded (what) VALUES (?) ON CONFLICT DO NOTHING',
      values: ['signing keys'],
      needed: true,
    },
    ...keys.map((jwk) => ({
      text: 'INSERT INTO signing_key (kid, sealed, created) VALUES (?, ?, ?)',
      values: [jwk.kid, seal(key, JSON.stringify(jwk), jwk.kid), now],
    })),
  ]);
  return stored();
}
