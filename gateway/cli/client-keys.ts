import { readFileSync } from 'node:fs';
import { importJWK, type JWK } from 'jose';
import { CommandError } from './operator.ts';

const SMALLEST_RSA = 2048;

/**
 * A client's public keys from a file: a JWK Set, or one JWK. SMART's keys are P-384 for ES384, or RSA for RS384, with a
 * `kid` each. Throws a CommandError that says which key is none.
 */
export async function readPublicKeys(file: string): Promise<{ keys: JWK[] }> {
  const keys = keysIn(parse(file));
  if (keys.length === 0) throw new CommandError(`${file} holds no keys.`);
  for (const [at, key] of keys.entries()) await check(key, `Key ${at + 1} of ${file}`);
  if (new Set(keys.map(({ kid }) => kid)).size < keys.length)
    throw new CommandError(`Two keys of ${file} have the same kid.`);
  return { keys };
}

function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new CommandError(
      `${file} can't be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

function keysIn(json: unknown): JWK[] {
  if (!isObject(json)) return [];
  const list: unknown = 'keys' in json ? json.keys : [json];
  return Array.isArray(list) ? list.filter((key): key is JWK => isObject(key)) : [];
}

async function check(key: JWK, which: string): Promise<void> {
  const algorithm =
    key.kty === 'RSA' ? 'RS384' : key.kty === 'EC' && key.crv === 'P-384' ? 'ES384' : undefined;
  if (!algorithm || (key.alg !== undefined && key.alg !== algorithm))
    throw new CommandError(`${which} is neither for ES384 (EC, P-384) nor for RS384 (RSA).`);
  if (typeof key.kid !== 'string' || key.kid === '') throw new CommandError(`${which} has no kid.`);
  if (key.d !== undefined) throw new CommandError(`${which} is a private key: give the public ones only.`);
  const imported = await importJWK(key, algorithm).catch((error: unknown) => {
    throw new CommandError(`${which} is no key: ${error instanceof Error ? error.message : String(error)}`);
  });
  const bits = imported instanceof Uint8Array ? 0 : modulusOf(imported.algorithm);
  if (algorithm === 'RS384' && bits < SMALLEST_RSA)
    throw new CommandError(`${which} has ${bits} bits; RSA keys have ${SMALLEST_RSA} or more.`);
}

const modulusOf = (algorithm: object): number =>
  'modulusLength' in algorithm && typeof algorithm.modulusLength === 'number' ? algorithm.modulusLength : 0;
