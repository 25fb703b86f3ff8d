import { createPublicKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { basename } from 'node:path';
import type { SignerConfig } from '../config.ts';
import { deriveSealingKey, SALT_BYTES, seal, unseal } from '../identities/sealing.ts';
import { parsePrivateKey } from './proposal.ts';

/** The key that signs blocks. */
export interface Signer {
  privateKey: KeyObject;
  /** SPKI, PEM. */
  publicKey: string;
}

function signerOf(pem: string): Signer {
  const privateKey = parsePrivateKey(pem);
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString();
  return { privateKey, publicKey };
}

/**
 * The ledger's signing key. `fresh`: the ledger has no block yet, so that a key may be made for it. Throws a
 * WrongSecretError; an Error when the key of a ledger with blocks is not there.
 */
export async function openSigner(config: SignerConfig, fresh: boolean): Promise<Signer> {
  if ('privateKey' in config) return signerOf(config.privateKey);
  const { file, secret } = config;
  // Not the file's place, which may change.
  const context = `the ledger's key in ${basename(file)}`;
  if (existsSync(file)) {
    const stored = Buffer.from(readFileSync(file, 'ascii').trim(), 'base64');
    const key = await deriveSealingKey(secret, stored.subarray(0, SALT_BYTES));
    return signerOf(Buffer.from(unseal(key, stored.subarray(SALT_BYTES), context)).toString('ascii'));
  }
  if (!fresh) throw new Error(`the ledger's signing key is not in ${file}`);
  const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();
  const salt = randomBytes(SALT_BYTES);
  const sealed = seal(await deriveSealingKey(secret, salt), Buffer.from(pem, 'ascii'), context);
  store(file, `${Buffer.concat([salt, sealed]).toString('base64')}\n`);
  return signerOf(pem);
}

/** All of it or nothing, readable by the owner only, and on disk before a block is signed with it. */
function store(file: string, content: string): void {
  const unfinished = `${file}.new`;
  const descriptor = openSync(unfinished, 'w', 0o600);
  try {
    writeSync(descriptor, content);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(unfinished, file);
}
