import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import type { AuthDatabase } from './database.ts';
import { deriveKey, seal, unseal } from './sealing.ts';

/** RS256 is what every OpenID client knows; ES384 is SMART's. */
const ALGORITHMS = ['RS256', 'ES384'];

async function generate(alg: string): Promise<JWK & { kid: string }> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = await exportJWK(privateKey);
  return { ...jwk, alg, use: 'sig', kid: await calculateJwkThumbprint(jwk) };
}

/**
 * The private keys that sign ID tokens, one for each algorithm; made on the first start. In the database they are sealed
 * with a key derived from `secret`; an Error says so when the secret is not the one they were sealed with.
 */
export async function loadSigningKeys(db: AuthDatabase, secret: string, now: number): Promise<JWK[]> {
  const key = deriveKey(secret, 'signing-keys');
  const rows = db.sql.prepare('SELECT kid, sealed FROM signing_key ORDER BY created, rowid').all();
  if (rows.length > 0) {
    return rows.map(({ kid, sealed }): JWK => {
      if (typeof kid !== 'string' || !(sealed instanceof Uint8Array))
        throw new Error('the signing keys are not readable');
      try {
        return JSON.parse(unseal(key, sealed, kid)) as JWK;
      } catch (cause) {
        throw new Error('the configured auth secret does not open the signing keys in the database', {
          cause,
        });
      }
    });
  }
  const keys = await Promise.all(ALGORITHMS.map(generate));
  const insert = db.sql.prepare('INSERT INTO signing_key (kid, sealed, created) VALUES (?, ?, ?)');
  db.durably(() => {
    for (const jwk of keys) insert.run(jwk.kid, seal(key, JSON.stringify(jwk), jwk.kid), now);
  });
  return keys;
}
