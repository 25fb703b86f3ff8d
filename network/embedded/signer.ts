import { createPublicKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { basename } from 'node:path';
import type { SignerConfig } from '../config.ts';
import { deriveSealingKey, SALT_BYTES, seal, unseal } from '../identities/sealing.ts';
import { parsePrivateKey } from './proposal.ts';
import { readSignerFile, writeSignerFile, type SignerFile } from './signer-file.ts';

/** The key that signs blocks. */
export interface Signer {
  privateKey: KeyObject;
  /** SPKI, PEM. */
  publicKey: string;
  /** What its file says, when it has one. */
  record?: SignerFile;
}

function signerOf(pem: string): Signer {
  const privateKey = parsePrivateKey(pem);
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString();
  return { privateKey, publicKey };
}

/**
 * The ledger's signing key. `fresh`: the ledger has no block yet, so that a key may be made for it. Throws a
 * WrongSecretError; an Error when the key of a ledger with blocks is not there, or its file names another public key.
 */
export async function openSigner(config: SignerConfig, fresh: boolean): Promise<Signer> {
  if ('privateKey' in config) return signerOf(config.privateKey);
  const { file, secret } = config;
  // Not the file's place, which may change.
  const context = `the ledger's key in ${basename(file)}`;
  const stored = readSignerFile(file);
  if (stored) {
    const bytes = Buffer.from(stored.sealed, 'base64');
    const key = await deriveSealingKey(secret, bytes.subarray(0, SALT_BYTES));
    const pem = Buffer.from(unseal(key, bytes.subarray(SALT_BYTES), context)).toString('ascii');
    const signer = signerOf(pem);
    if (stored.signer !== undefined && stored.signer !== signer.publicKey)
      throw new Error(`the public key in ${file} is not that of its private key`);
    return { ...signer, record: { ...stored, signer: signer.publicKey } };
  }
  if (!fresh) throw new Error(`the ledger's signing key is not in ${file}`);
  const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();
  const salt = randomBytes(SALT_BYTES);
  const sealed = seal(await deriveSealingKey(secret, salt), Buffer.from(pem, 'ascii'), context);
  const signer = signerOf(pem);
  const record = {
    file,
    sealed: Buffer.concat([salt, sealed]).toString('base64'),
    signer: signer.publicKey,
  };
  writeSignerFile(record);
  return { ...signer, record };
}
