import { hmacSha256 } from './hmac.ts';
import type { Key } from './keys.ts';

/** The private data collection that every member organisation holds. */
export const COLLECTION = 'ehr';

/** The key of the secret under which all other keys are hidden; written once, at bootstrap. */
export const SECRET_KEY = 'secret';

/** Key → its name on the ledger, `<kind>/<HMAC-SHA256(secret, rest of the key)>` in base64url. */
export function keyNamer(secret: Uint8Array): (key: Key) => string {
  const hmac = hmacSha256(secret);
  const known = new Map<Key, string>();
  return (key) => {
    let name = known.get(key);
    if (name === undefined) {
      const slash = key.indexOf('/');
      name = key.slice(0, slash + 1) + hmac(key.slice(slash + 1)).toString('base64url');
      known.set(key, name);
    }
    return name;
  };
}
